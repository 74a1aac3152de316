import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitsApart, bitsInCommon, bitsSet } from './bits.js';

const written = (word: number): number =>
  [...(word >>> 0).toString(2)].filter((digit) => digit === '1').length;

describe('bitsSet', () => {
  it('counts what a word has written out, signed or not, and every byte', () => {
    for (let byte = 0; byte < 256; byte += 1) expect(bitsSet(byte)).toBe(written(byte));
    for (const word of [-1, 0x7fffffff, 0x80000000, 0xffffffff]) expect(bitsSet(word)).toBe(written(word));
    fc.assert(
      fc.property(fc.integer(), (word) => {
        expect(bitsSet(word)).toBe(written(word));
      }),
    );
  });
});

describe('two encodings', () => {
  const words = fc.array(fc.integer(), { minLength: 3, maxLength: 3 });
  const digits = (of: number[]): string =>
    of.map((word) => (word >>> 0).toString(2).padStart(32, '0')).join('');

  it('share the places where both have a one, and are as far apart as places differ', () => {
    fc.assert(
      fc.property(words, words, (one, other) => {
        const [a, b] = [digits(one), digits(other)];
        const [x, y] = [Int32Array.from(one), Uint32Array.from(other)];
        expect(bitsInCommon(x, y)).toBe([...a].filter((digit, at) => digit === '1' && b[at] === '1').length);
        expect(bitsApart(x, y)).toBe([...a].filter((digit, at) => digit !== b[at]).length);
      }),
    );
  });
});
