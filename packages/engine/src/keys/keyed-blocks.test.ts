import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyedBlocks } from './keyed-blocks.js';

const key = { bytes: Uint8Array.from({ length: 32 }, (_, index) => 0x40 + index), erase: () => undefined };
const blocks = keyedBlocks(key, 'token-at-rest', 'emou', '2026-1', 'rule');

describe('keyedBlocks', () => {
  // Computed with Python's hmac and struct, and `openssl enc -aes-256-ecb -nopad`.
  it('gives the known blocks', () => {
    const bytes = Uint8Array.from({ length: 32 }, (_, index) => index);
    expect(Buffer.from(blocks(bytes)).toString('hex')).toBe(
      '50abcc68df2bb336b7811a01c0c4a6bd4d37c93917227ec07c43014fdc5d4f28',
    );
  });

  it('maps each block by itself, so that equal ones stay equal and different ones different', () => {
    const block = fc.uint8Array({ minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(block, block, (one, other) => {
        const both = blocks(Uint8Array.from([...one, ...other]));
        expect([...both.subarray(0, 16)]).toEqual([...blocks(one)]);
        const same = Buffer.from(one).equals(other);
        expect(Buffer.from(both.subarray(0, 16)).equals(both.subarray(16))).toBe(same);
      }),
    );
  });

  it('takes whole blocks only', () => {
    expect(() => blocks(new Uint8Array(15))).toThrow(RangeError);
  });
});
