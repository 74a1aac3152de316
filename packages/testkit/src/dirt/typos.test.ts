import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayFrom, dayOf, parts } from '../calendar/days.js';
import { streams } from '../random/streams.js';
import { misdated, mistyped } from './typos.js';

/** Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours. */
function distance(left: string, right: string): number {
  const [a, b] = [[...left], [...right]];
  const table = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (_, j) => i + j),
  );
  const at = (i: number, j: number) => table[i]?.[j] ?? Number.POSITIVE_INFINITY;
  for (let i = 1; i <= a.length; i += 1) {
    for (let j = 1; j <= b.length; j += 1) {
      const swap =
        a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY;
      const row = table[i];
      if (row)
        row[j] = Math.min(
          at(i - 1, j) + 1,
          at(i, j - 1) + 1,
          at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1),
          swap,
        );
    }
  }
  return at(a.length, b.length);
}

describe('mistyped', () => {
  it('is one slip away at most, and keeps the first letter', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z][a-zé' -]{2,12}$/), fc.integer(), (name, seed) => {
        const typed = mistyped(streams(seed)('typo'), name);
        expect(distance(name, typed)).toBeLessThanOrEqual(1);
        expect(typed.slice(0, 1)).toBe(name.slice(0, 1));
      }),
    );
  });

  it('makes every kind of slip', () => {
    const lengths = Array.from(
      { length: 200 },
      (_, seed) => mistyped(streams(seed)('kinds'), 'Martinez').length,
    );
    expect(new Set(lengths)).toEqual(new Set([7, 8, 9]));
  });

  it('leaves very short names alone', () => {
    expect(mistyped(streams(1)('short'), 'Li')).toBe('Li');
  });
});

describe('misdated', () => {
  it('is another real date', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: dayOf('2002-01-01'), max: dayOf('2023-12-31') }),
        fc.integer(),
        (day, seed) => {
          const wrong = misdated(streams(seed)('date'), day);
          expect(wrong).not.toBe(day);
          const { year, month, dayOfMonth } = parts(wrong);
          expect(dayFrom(year, month, dayOfMonth)).toBe(wrong);
        },
      ),
    );
  });

  it('swaps day and month in some', () => {
    const wrong = Array.from({ length: 60 }, (_, seed) =>
      misdated(streams(seed)('swap'), dayOf('2014-03-09')),
    );
    expect(wrong).toContain(dayOf('2014-09-03'));
    expect(wrong).toContain(dayOf('2015-03-09'));
    expect(wrong).toContain(dayOf('2014-03-19'));
  });
});
