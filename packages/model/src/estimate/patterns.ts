import type { Comparison } from '../compare/comparisons.js';
import { MISSING } from '../compare/comparisons.js';

/**
 * Pairs by what their comparisons show. EM and scoring look at patterns, of which there are some hundreds, and not
 * at pairs, so that their cost does not grow with the records.
 */
export type Patterns = {
  /** The levels of each pattern, in the order of the comparisons. */
  readonly levels: readonly Uint8Array[];
  /** The pattern of each pair. */
  readonly of: Int32Array;
};

const MOST_SHARED = 10_000;

/** Gathers the patterns of pairs, in the order in which they first occur. */
export function gatherPatterns(pairs: Iterable<Uint8Array>, count: number): Patterns {
  const places = new Map<string, number>();
  /** Lists that several pairs share are looked up by what they are, which is faster than by what they hold. */
  const shared = new Map<Uint8Array, number>();
  const levels: Uint8Array[] = [];
  const of = new Int32Array(count);
  let pair = 0;
  for (const each of pairs) {
    let place = shared.get(each);
    if (place === undefined) {
      const key = String.fromCharCode(...each);
      place = places.get(key);
      if (place === undefined) {
        place = levels.length;
        places.set(key, place);
        levels.push(each.slice());
      }
      if (shared.size < MOST_SHARED) shared.set(each, place);
    }
    of[pair] = place;
    pair += 1;
  }
  return { levels, of };
}

/** One number for each level of each comparison. */
export type PerLevel = readonly Float64Array[];

export const perLevel = (comparisons: readonly Comparison[]): Float64Array[] =>
  comparisons.map(({ levels }) => new Float64Array(levels.length));

/** Adds a weight to the level that each comparison of a pattern has; a missing one counts nowhere. */
export function addPattern(counts: PerLevel, levels: Uint8Array, weight: number): void {
  for (const [comparison, level] of levels.entries()) {
    const of = counts[comparison];
    if (level !== MISSING && of !== undefined) of[level] = (of[level] ?? 0) + weight;
  }
}

/** The product over the comparisons that are not missing. */
export function likelihood(probabilities: PerLevel, levels: Uint8Array): number {
  let product = 1;
  for (const [comparison, level] of levels.entries()) {
    if (level !== MISSING) product *= probabilities[comparison]?.[level] ?? 1;
  }
  return product;
}

/** Counts made probabilities, with so many pairs more that are spread like `prior`. */
export const normalised = (counts: PerLevel, prior: PerLevel, strength: number): Float64Array[] =>
  counts.map((of, comparison) => {
    const total = of.reduce((sum, count) => sum + count, 0);
    const before = prior[comparison];
    return of.map((count, level) => (count + strength * (before?.[level] ?? 0)) / (total + strength));
  });
