import type { Streams } from '../random/streams.js';

/*
 * Numbers that identify a child or a record somewhere. Each is a bijection of the child's index, so no two
 * children share one by accident, and none shows in what order the city was made. Numbers beginning 99 are
 * left free for canaries.
 */

/** Largest city the six-digit local number can hold, with its private schools and arrivals. */
export const MOST_CHILDREN = 800_000;

/** Ten digits beginning 10, as a Massachusetts SASID. */
export function stateId(streams: Streams, index: number): string {
  return String(1_000_000_000 + permuted(streams, index, 89_000_000));
}

/** Six digits with leading zeros, from a range sparse enough that a mistyped number is often nobody's. */
export function localId(city: { streams: Streams; students: number }, index: number): string {
  const range = Math.min(980_000, Math.max(180_000, 7 * city.students));
  return String(4_000 + permuted(city.streams, index, range)).padStart(6, '0');
}

/** Seven digits beginning 3. */
export function charterNumber(streams: Streams, index: number): string {
  return String(3_000_000 + permuted(streams, index, 990_000));
}

/** Eight digits beginning 2; `chart` tells apart the two of a child registered twice. */
export function patientNumber(streams: Streams, index: number, chart: number): string {
  return String(20_000_000 + permuted(streams, 2 * index + chart, 8_900_000));
}

/**
 * index -> (index * factor + offset) mod range, one to one below `range` since the factor shares no divisor
 * with it. A factor near the golden section of the range scatters neighbours. Exact: products stay below 2^53.
 */
function permuted(streams: Streams, index: number, range: number): number {
  let factor = Math.round(range * 0.618);
  while (greatestDivisor(factor, range) !== 1) factor += 1;
  return (index * factor + streams('number', range).below(range)) % range;
}

function greatestDivisor(left: number, right: number): number {
  return right === 0 ? left : greatestDivisor(right, left % right);
}
