import { byName, type CellId } from '../candidate/cell.js';
import { type CountedTable, groupOf } from '../candidate/tables.js';

const keyOf = (dims: readonly string[]): string => JSON.stringify([...dims].sort(byName));

/**
 * The totals of tables that everybody has from elsewhere, such as enrolment by school from the state. One below the
 * threshold is not among them: whoever publishes such totals withholds it too.
 *
 * @param breakdowns dimensions by which totals are public; none of them for that of everybody.
 */
export const publicTotalsIn = (
  tables: readonly CountedTable[],
  breakdowns: readonly (readonly string[])[],
  threshold: number,
): ReadonlySet<CellId> => {
  const known = new Set(breakdowns.map(keyOf));
  return new Set(
    tables.flatMap((table) =>
      table.rows.flatMap(({ levels, yes, no, unknown }) => {
        const dims = table.dims.filter((_, at) => levels[at] !== null);
        const isKnown = known.has(keyOf(dims)) && yes + no + unknown >= threshold;
        return isKnown ? [groupOf(table, levels).all] : [];
      }),
    ),
  );
};
