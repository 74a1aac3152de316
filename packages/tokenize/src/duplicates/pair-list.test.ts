import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pairList } from './pair-list.js';

describe('pairList', () => {
  it('keeps each pair once, in the order in which they came, also where it grows', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(90), fc.nat(90)), { maxLength: 4000 }), (pairs) => {
        const list = pairList();
        const seen: string[] = [];
        for (const [one, two] of pairs) {
          if (!seen.includes(`${one} ${two}`)) seen.push(`${one} ${two}`);
          expect(list.placeOf(one, two)).toBe(seen.indexOf(`${one} ${two}`));
          expect(list.count()).toBe(seen.length);
        }
        const { a, b } = list.columns();
        expect([...a].map((one, pair) => `${one} ${b[pair]}`)).toEqual(seen);
      }),
      { numRuns: 20 },
    );
  });
});
