import { publicBreakdowns } from '../protect/public-totals.js';
import { placeOfTotal } from './cells-night.js';
import type { PublicSets } from './ledger-gate.js';

/**
 * The totals of a night that everybody has from elsewhere, of those that are not small.
 *
 * @param breakdowns dimensions by which totals are public; none of them for that of everybody.
 */
export const publicTotalSets = (
  breakdowns: readonly (readonly string[])[],
  threshold: number,
): PublicSets => {
  const isPublic = publicBreakdowns(breakdowns);
  return ({ candidate, labels }) =>
    new Set(
      [...labels].flatMap(([label, set]) => {
        const dims = placeOfTotal(label)?.map(([dim]) => dim);
        const count = candidate.sets[set]?.count ?? 0;
        return dims !== undefined && isPublic(dims) && count >= threshold ? [set] : [];
      }),
    );
};
