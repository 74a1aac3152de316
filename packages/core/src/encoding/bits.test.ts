import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitsSet } from './bits.js';

const written = (word: number): number =>
  [...(word >>> 0).toString(2)].filter((digit) => digit === '1').length;

describe('bitsSet', () => {
  it('counts what a word has written out, signed or not, and every byte', () => {
    for (let byte = 0; byte < 256; byte += 1) expect(bitsSet(byte)).toBe(written(byte));
    for (const word of [-1, 0x7fffffff, 0x80000000, 0xffffffff]) expect(bitsSet(word)).toBe(written(word));
    fc.assert(fc.property(fc.integer(), (word) => expect(bitsSet(word)).toBe(written(word))));
  });
});
