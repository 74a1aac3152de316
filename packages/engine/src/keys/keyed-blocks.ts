import { createCipheriv, createHmac } from 'node:crypto';
import { lengthValue } from '@throughline/core';
import type { SecretKey } from './key-file.js';

/** Maps whole blocks of 16 bytes, each by itself: equal blocks stay equal, different ones stay different. */
export type KeyedBlocks = (blocks: Uint8Array) => Uint8Array;

const BLOCK_BYTES = 16;

/**
 * A keyed permutation of blocks: AES-256 (FIPS 197) under HMAC-SHA-256(key, LV("throughline", "v1", …purpose)). For
 * blocks that are random already, such as tokens: of others it would show which are equal.
 *
 * @throws RangeError unless the bytes are whole blocks.
 */
export function keyedBlocks(key: SecretKey, ...purpose: readonly string[]): KeyedBlocks {
  const own = createHmac('sha256', key.bytes)
    .update(lengthValue(['throughline', 'v1', ...purpose]))
    .digest();
  const cipher = createCipheriv('aes-256-ecb', own, null).setAutoPadding(false);
  own.fill(0);
  return (blocks) => {
    if (blocks.length % BLOCK_BYTES !== 0) throw new RangeError('keyedBlocks: whole blocks expected');
    return cipher.update(blocks);
  };
}
