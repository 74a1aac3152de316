import { byName, type CellId } from '../candidate/cell.js';
import { type CountedTable, groupOf } from '../candidate/tables.js';

/** Whether totals by some dimensions are public, whatever the order of those. */
export const publicBreakdowns = (
  breakdowns: readonly (readonly string[])[],
): ((dims: readonly string[]) => boolean) => {
  const known = new Set(breakdowns.map(keyOf));
  return (dims) => known.has(keyOf(dims));
};

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
  const isPublic = publicBreakdowns(breakdowns);
  return new Set(
    tables.flatMap((table) =>
      table.rows.flatMap(({ levels, yes, no, unknown }) => {
        const dims = table.dims.filter((_, at) => levels[at] !== null);
        const isKnown = isPublic(dims) && yes + no + unknown >= threshold;
        return isKnown ? [groupOf(table, levels).all] : [];
      }),
    ),
  );
};
