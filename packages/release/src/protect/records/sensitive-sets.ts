import type { RecordCandidate } from '../../records/record-sets.js';

/** Which counts are sensitive by themselves, ends included. */
export type SensitiveCounts = {
  readonly from: number;
  readonly to: number;
  /** `publish`: an empty cell is printed as 0. `suppress`: it is as sensitive as a small one. */
  readonly zero: 'publish' | 'suppress';
};

/** Positions of the sets whose count is sensitive by itself. */
export const sensitiveSets = (
  { sets }: RecordCandidate,
  { from, to, zero }: SensitiveCounts,
): readonly number[] =>
  sets.flatMap(({ count }, at) =>
    (count >= from && count <= to) || (count === 0 && zero === 'suppress') ? [at] : [],
  );
