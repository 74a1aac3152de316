import type { RecordCandidate } from './record-sets.js';
import { smallestSets } from './smallest-sets.js';

/**
 * The least count of each atom in a family of tables that a reader who knows every cell to have somebody in it
 * believes possible: 1 in enough atoms for every smallest set to hold one, 0 elsewhere. Not all that this reader
 * believes possible, so what is wide among these tables is wide to the reader. An atom that many smallest sets share
 * is taken before one of few.
 */
export const leastInEveryCell = (candidate: RecordCandidate): Float64Array => {
  const { atoms, sets } = candidate;
  const smallest = smallestSets(candidate).map((at) => sets[at]?.atoms ?? new Int32Array());
  const uses = new Int32Array(atoms.length);
  for (const members of smallest) for (const atom of members) uses[atom] = (uses[atom] ?? 0) + 1;
  const least = new Float64Array(atoms.length);
  const tightestFirst = [...smallest].sort((a, b) => a.length - b.length || (a[0] ?? 0) - (b[0] ?? 0));
  for (const members of tightestFirst) {
    if (members.some((atom) => least[atom] === 1)) continue;
    const best = members.reduce(
      (found, atom) => ((uses[atom] ?? 0) > (uses[found] ?? 0) ? atom : found),
      members[0] ?? 0,
    );
    least[best] = 1;
  }
  return least;
};
