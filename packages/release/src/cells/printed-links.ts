import type { CellId } from '../candidate/cell.js';
import type { CountedRows, Place } from '../candidate/relations.js';
import { groupOf, placeOf } from '../candidate/tables.js';
import type { ProtectionPolicy } from '../protect/policy.js';

/** On which links the yes of a row rest. */
export const bases = ['exact', 'probable', 'weak'] as const;
export type Basis = (typeof bases)[number];

/** A table of a measure once more: its yes by the links that they rest on. */
export type LinkTable = CountedRows & { readonly measure: string };

export const linkId = (measure: string, basis: Basis, place: Place): CellId =>
  JSON.stringify(['measure', measure, basis, ...place]);

type Printing = { readonly published: ReadonlyMap<CellId, number>; readonly policy: ProtectionPolicy };

/**
 * The counts by link that are printed. A table of one dimension shows them in every row or in none: none of them is
 * small, and every yes is printed. So no margin ever stands beside a gap, and there is nothing to subtract. The total
 * of a measure shows them where none is small; else the count by exact links alone, where the rest, which has two
 * parts, is as wide as the policy asks for.
 */
export function printedLinks(
  tables: readonly LinkTable[],
  { published, policy }: Printing,
): ReadonlyMap<CellId, number> {
  const isOpen = (count: number) => count === 0 || count >= policy.threshold;
  const shown = tables.flatMap((table) => {
    const rows = table.rows.map(({ levels, counts }) => ({
      place: placeOf(table.dims, levels),
      isPrinted: published.has(groupOf({ ...table, population: '', rows: [] }, levels).yes),
      counts: bases.map((basis) => [basis, counts.get(basis) ?? 0] as const),
    }));
    const isWhole = rows.every(
      ({ isPrinted, counts }) => isPrinted && counts.every(([, count]) => isOpen(count)),
    );
    return rows.flatMap(({ place, isPrinted, counts }) => {
      const [exact, ...others] = counts;
      const rest = others.reduce((sum, [, count]) => sum + count, 0);
      const isExactOnly =
        table.dims.length === 0 && isPrinted && isOpen(exact?.[1] ?? 0) && rest >= policy.minIntervalWidth;
      const told = isWhole ? counts : isExactOnly ? counts.slice(0, 1) : [];
      return told.map(([basis, count]) => [linkId(table.measure, basis, place), count] as const);
    });
  });
  return new Map(shown);
}
