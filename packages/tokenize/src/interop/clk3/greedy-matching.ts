import { bitsInCommon } from '@throughline/core';

export type SimilarPair = { readonly a: number; readonly b: number; readonly dice: number };

/** All pairs with a Dice coefficient of at least so much, the most similar first, as anonlink orders them. */
export function similarPairs(
  a: readonly Uint8Array[],
  b: readonly Uint8Array[],
  least: number,
): SimilarPair[] {
  const [left, right] = [a.map(wordsOf), b.map(wordsOf)];
  const weights = { left: left.map(weight), right: right.map(weight) };
  const pairs: SimilarPair[] = [];
  for (const [at, words] of left.entries()) {
    for (const [other, others] of right.entries()) {
      const total = (weights.left[at] ?? 0) + (weights.right[other] ?? 0);
      const dice = (2 * bitsInCommon(words, others)) / total;
      if (dice >= least) pairs.push({ a: at, b: other, dice });
    }
  }
  return pairs.sort((one, other) => other.dice - one.dice || one.a - other.a || one.b - other.b);
}

/** Takes pairs from the top, every record once. */
export function matchesAt(pairs: readonly SimilarPair[], least: number): SimilarPair[] {
  const taken = { a: new Set<number>(), b: new Set<number>() };
  return pairs.filter(({ a, b, dice }) => {
    if (dice < least || taken.a.has(a) || taken.b.has(b)) return false;
    taken.a.add(a);
    taken.b.add(b);
    return true;
  });
}

const wordsOf = (bytes: Uint8Array): Int32Array => new Int32Array(bytes.slice().buffer);
const weight = (words: Int32Array): number => bitsInCommon(words, words);
