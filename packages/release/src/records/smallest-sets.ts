import type { RecordCandidate, RecordSet } from './record-sets.js';

const holds = (whole: ReadonlySet<number>, { atoms }: RecordSet): boolean => {
  for (const atom of atoms) if (!whole.has(atom)) return false;
  return true;
};

/** Sets that hold no smaller set: where somebody is in each of these, somebody is in every set. */
export const smallestSets = ({ sets }: RecordCandidate): readonly number[] => {
  const startingAt = new Map<number, RecordSet[]>();
  for (const set of sets) {
    const first = set.atoms[0] ?? -1;
    startingAt.set(first, [...(startingAt.get(first) ?? []), set]);
  }
  return sets.flatMap((set, at) => {
    const members = new Set(set.atoms);
    const holdsSmaller = set.atoms.some((atom) =>
      (startingAt.get(atom) ?? []).some(
        (other) => other.atoms.length < set.atoms.length && holds(members, other),
      ),
    );
    return holdsSmaller ? [] : [at];
  });
};
