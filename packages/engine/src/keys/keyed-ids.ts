import { createHmac } from 'node:crypto';
import { lengthValue, uuidForm } from '@throughline/core';
import type { SecretKey } from './key-file.js';

/** Gives the same id for the same parts under the same key, and tells nothing of the parts without it. */
export type KeyedIds = (...parts: readonly string[]) => string;

/**
 * Ids as a pseudo-random function: the first 16 bytes of HMAC-SHA-256 (RFC 2104, FIPS 198-1) over the
 * length-value encoding of a purpose and the parts, in UUID form. Two of n ids are equal by chance with odds
 * n^2 / 2^129.
 */
export function keyedIds(key: SecretKey, purpose: string): KeyedIds {
  const prefix = lengthValue(['throughline', 'v1', purpose]);
  return (...parts) => {
    const code = createHmac('sha256', key.bytes).update(prefix).update(lengthValue(parts)).digest('hex');
    return uuidForm(code.slice(0, 32));
  };
}
