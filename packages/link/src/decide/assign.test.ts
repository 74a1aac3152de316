import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assign } from './assign.js';

type Pair = { readonly a: number; readonly b: number; readonly weight: number };

const assigned = (pairs: readonly Pair[]) =>
  assign(
    { a: Int32Array.from(pairs, ({ a }) => a), b: Int32Array.from(pairs, ({ b }) => b) },
    Float64Array.from(pairs, ({ weight }) => weight),
  );

/** The greatest sum of any choice, by trying them all. */
function slowBest(
  pairs: readonly Pair[],
  next = 0,
  takenA = new Set<number>(),
  takenB = new Set<number>(),
): number {
  const pair = pairs[next];
  if (pair === undefined) return 0;
  const without = slowBest(pairs, next + 1, takenA, takenB);
  if (takenA.has(pair.a) || takenB.has(pair.b)) return without;
  const rest = slowBest(pairs, next + 1, new Set([...takenA, pair.a]), new Set([...takenB, pair.b]));
  return Math.max(without, pair.weight + rest);
}

const somePairs = fc.uniqueArray(
  fc.record({ a: fc.nat({ max: 5 }), b: fc.nat({ max: 5 }), weight: fc.integer({ min: -3, max: 20 }) }),
  { maxLength: 12, selector: ({ a, b }) => a * 10 + b },
);

describe('assign', () => {
  it('has the greatest sum that any choice has, and nobody twice', () => {
    fc.assert(
      fc.property(somePairs, (pairs) => {
        const { chosen } = assigned(pairs);
        const taken = [...chosen].map((pair) => pairs[pair] ?? { a: -1, b: -1, weight: 0 });
        expect(new Set(taken.map(({ a }) => a)).size).toBe(taken.length);
        expect(new Set(taken.map(({ b }) => b)).size).toBe(taken.length);
        expect(taken.reduce((sum, { weight }) => sum + weight, 0)).toBe(slowBest(pairs));
      }),
    );
  });

  it('gives up the best pair where two others are better together', () => {
    const pairs = [
      { a: 0, b: 0, weight: 10 },
      { a: 0, b: 1, weight: 9 },
      { a: 1, b: 0, weight: 9 },
    ];
    expect([...assigned(pairs).chosen]).toEqual([1, 2]);
  });

  it('reports ties', () => {
    const tie = [
      { a: 0, b: 0, weight: 5 },
      { a: 0, b: 1, weight: 5 },
    ];
    expect(assigned(tie)).toMatchObject({ ties: 1, entangled: 0 });
    expect(assigned(tie.slice(1)).ties).toBe(0);
  });

  it('takes the best pair first in a group too large to solve, and says so', () => {
    const star = Array.from({ length: 251 }, (_, b) => ({ a: 0, b, weight: b + 1 }));
    expect(assigned(star)).toMatchObject({ entangled: 1 });
    expect([...assigned(star).chosen]).toEqual([250]);
  });
});
