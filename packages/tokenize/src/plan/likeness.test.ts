import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutRare } from './likeness.js';

const pattern = fc.stringMatching(/^[0-3]{3}$/);
const counts = fc
  .dictionary(pattern, fc.integer({ min: 1, max: 40 }))
  .map((each) => new Map(Object.entries(each)));
const sum = (counted: ReadonlyMap<string, number>) =>
  [...counted.values()].reduce((all, pairs) => all + pairs, 0);

describe('withoutRare', () => {
  it('counts a pattern of fewer than eleven pairs with the most similar one that has more', () => {
    const counted = new Map([
      ['000', 11],
      ['003', 10],
      ['033', 9],
      ['333', 400],
    ]);
    expect(withoutRare(counted)).toEqual(
      new Map([
        ['333', 409],
        ['000', 21],
      ]),
    );
  });

  it('tells nothing of fewer than eleven pairs, and of more that are all rare one pattern', () => {
    expect(withoutRare(new Map([['000', 10]]))).toEqual(new Map());
    const rare = new Map([
      ['000', 4],
      ['030', 5],
      ['333', 3],
    ]);
    expect(withoutRare(rare)).toEqual(new Map([['030', 12]]));
  });

  it('loses no pair where it tells any, tells only what was there, and nothing below eleven', () => {
    fc.assert(
      fc.property(counts, (counted) => {
        const told = withoutRare(counted);
        expect(sum(told)).toBe(sum(counted) < 11 ? 0 : sum(counted));
        for (const [each, pairs] of told) {
          expect(counted.has(each)).toBe(true);
          expect(pairs).toBeGreaterThanOrEqual(11);
        }
      }),
    );
  });
});
