import { ThroughlineError } from '@throughline/core';

/** Two files of 22,000 rows. */
export const MOST_COMPARISONS = 500_000_000;

/** Each row of a partner with each of every other partner. */
function comparisonsOf(rows: readonly number[]): number {
  const all = rows.reduce((sum, count) => sum + count, 0);
  return rows.reduce((sum, count) => sum + (count * (all - count)) / 2, 0);
}

/** @throws ThroughlineError RESIDUAL_TOO_LARGE */
export function requireFew(rows: readonly number[]): void {
  const comparisons = comparisonsOf(rows);
  if (comparisons <= MOST_COMPARISONS) return;
  throw new ThroughlineError('RESIDUAL_TOO_LARGE', { comparisons, most: MOST_COMPARISONS });
}

/** How many rows of each partner can be compared at most, if the larger files are cut to one length. */
export function mostOfEach(rows: readonly number[]): number {
  let [fits, beyond] = [0, Math.max(0, ...rows) + 1];
  while (beyond - fits > 1) {
    const middle = Math.floor((fits + beyond) / 2);
    if (comparisonsOf(rows.map((count) => Math.min(count, middle))) <= MOST_COMPARISONS) fits = middle;
    else beyond = middle;
  }
  return fits;
}
