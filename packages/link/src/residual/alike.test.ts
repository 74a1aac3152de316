import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alikePairs } from './alike.js';

const WORDS = 64;

/** A stream of words that hang on a seed (Marsaglia's xorshift32), so that a failure can be repeated. */
function words(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

const texts = (count: number, seed: number): Uint32Array => {
  const next = words(seed);
  return Uint32Array.from({ length: count * WORDS }, next);
};

/** One text with so many of its bits flipped, from one of them on. */
function nearTo(list: Uint32Array, at: number, bits: number, from = 0): Uint32Array {
  const own = list.slice(at * WORDS, (at + 1) * WORDS);
  for (let bit = from; bit < from + bits; bit += 1) own[bit >> 5] = (own[bit >> 5] ?? 0) ^ (1 << (bit & 31));
  return own;
}

const put = (list: Uint32Array, at: number, text: Uint32Array): Uint32Array => {
  const changed = list.slice();
  changed.set(text, at * WORDS);
  return changed;
};

/** Bit by bit. */
function slowDistance(one: Uint32Array, other: Uint32Array): number {
  return [...one].reduce(
    (sum, word, at) =>
      sum + [...((word ^ (other[at] ?? 0)) >>> 0).toString(2)].filter((bit) => bit === '1').length,
    0,
  );
}

describe('alikePairs', () => {
  it('finds nothing among random texts, and nothing where a side is empty', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), (seed) => {
        expect(alikePairs(texts(40, seed), texts(40, seed + 7919))).toEqual([]);
      }),
      { numRuns: 8 },
    );
    expect(alikePairs(texts(3, 1), new Uint32Array())).toEqual([]);
  });

  it('finds a pair with a third of its bits changed, and its distance bit by bit', () => {
    const left = texts(50, 11);
    const near = nearTo(left, 17, 683);
    const pairs = alikePairs(left, put(texts(50, 12), 30, near));
    expect(pairs).toEqual([{ left: 17, right: 30, distance: 683 }]);
    expect(slowDistance(left.slice(17 * WORDS, 18 * WORDS), near)).toBe(683);
  });

  it('finds all pairs where half of the records have one', () => {
    const left = texts(12, 21);
    let right = texts(12, 22);
    for (const at of [0, 2, 4, 6, 8, 10]) right = put(right, 11 - at, nearTo(left, at, 500 + at));
    expect(alikePairs(left, right).map(({ left: one, right: other }) => [one, other])).toEqual(
      [0, 2, 4, 6, 8, 10].map((at) => [at, 11 - at]),
    );
  });

  it('finds neither of two who are about as near, and a twin beside them does not take the place of the nearer', () => {
    const left = texts(30, 31);
    const two = put(put(texts(30, 32), 3, nearTo(left, 5, 600)), 4, nearTo(left, 5, 640));
    expect(alikePairs(left, two)).toEqual([]);
    const twin = put(put(texts(30, 32), 3, nearTo(left, 5, 400)), 4, nearTo(left, 5, 640));
    expect(alikePairs(left, twin).map(({ right }) => right)).toEqual([3]);
    const absent = put(left, 6, nearTo(left, 5, 300, 1000));
    expect(alikePairs(absent, put(texts(30, 32), 3, nearTo(left, 5, 200)))).toEqual([
      { left: 5, right: 3, distance: 200 },
    ]);
  });
});
