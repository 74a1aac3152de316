import type { Streams } from '../random/streams.js';

/*
 * Numbers that identify a child or a record somewhere. Each is a bijection of the child's index, so no two
 * children share one by accident, and none reveals the order in which the city was made. Numbers beginning
 * 99 are left free for canaries.
 */

/** Prime, so that multiplication by anything smaller permutes what lies below it. */
const STATE_PRIME = 89_999_999;
const CHARTER_PRIME = 899_981;
const PATIENT_PRIME = 8_999_993;

/** Largest city the six-digit local number can hold. */
export const MOST_CHILDREN = 900_000;

/** Ten digits beginning 10, as a Massachusetts SASID. */
export function stateId(streams: Streams, index: number): string {
  return String(1_000_000_000 + permuted(streams, index, STATE_PRIME));
}

/** Six digits with leading zeros: the district numbers children as they first register. */
export function localId(city: { streams: Streams; students: number }, index: number): string {
  const step = Math.min(7, Math.floor(980_000 / (city.students * 1.2)));
  const slack = city.streams('local-id', index).below(step);
  return String(4_000 + step * index + slack).padStart(6, '0');
}

/** Seven digits beginning 3. */
export function charterNumber(streams: Streams, index: number): string {
  return String(3_000_000 + permuted(streams, index, CHARTER_PRIME));
}

/** Eight digits beginning 2; `visit` tells apart the charts of a child registered twice. */
export function patientNumber(streams: Streams, index: number, chart: number): string {
  return String(20_000_000 + permuted(streams, 2 * index + chart, PATIENT_PRIME));
}

/** index -> (index * factor + offset) mod prime, in doubles below 2^53. */
function permuted(streams: Streams, index: number, prime: number): number {
  const rng = streams('permutation', prime);
  const factor = rng.between(10_000, 90_000);
  return (index * factor + rng.below(prime)) % prime;
}
