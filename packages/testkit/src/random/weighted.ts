import type { Rng } from './streams.js';

/** A draw with probability proportional to weight, by binary search over cumulative weights. */
export type Sampler<T> = (rng: Rng) => T;

/** @throws RangeError if no weight is positive. */
export function sampler<T>(entries: readonly (readonly [T, number])[]): Sampler<T> {
  const cumulative = new Float64Array(entries.length);
  let total = 0;
  for (const [index, [, weight]] of entries.entries()) {
    total += weight;
    cumulative[index] = total;
  }
  if (!(total > 0)) throw new RangeError('entries: expected a positive weight');
  return (rng) => entryAt(entries, firstAbove(cumulative, rng.next() * total));
}

function entryAt<T>(entries: readonly (readonly [T, number])[], index: number): T {
  const entry = entries[Math.min(index, entries.length - 1)];
  if (entry === undefined) throw new RangeError('entries: expected at least one');
  return entry[0];
}

function firstAbove(cumulative: Float64Array, target: number): number {
  let low = 0;
  let high = cumulative.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((cumulative[middle] ?? 0) > target) high = middle;
    else low = middle + 1;
  }
  return low;
}
