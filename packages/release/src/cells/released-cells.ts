import type { CellId } from '../candidate/cell.js';
import { type CountedRow, groupOf } from '../candidate/tables.js';
import { isRatePrinted } from '../protect/primary.js';
import { type NamedTable, TOTAL } from './exact-cells.js';
import { percentOf } from './percent.js';

/** One row of a release. A withheld count is null; `status` says that something of the row is, and never why. */
export type ReleasedCell = {
  readonly measure: string;
  readonly table_name: string;
  readonly dim_1: string | null;
  readonly level_1: string | null;
  readonly dim_2: string | null;
  readonly level_2: string | null;
  readonly status: 'published' | 'withheld';
  readonly yes: number | null;
  readonly no: number | null;
  readonly unknown: number | null;
  readonly total: number | null;
  readonly rate_percent: string | null;
  readonly coverage_percent: string | null;
  /** ISO date. */
  readonly as_of: string | null;
};

/** What of the tables may be printed, given the counts that are not withheld. */
export function releasedCells(
  tables: readonly NamedTable[],
  published: ReadonlyMap<CellId, number>,
  decimals: number,
): ReleasedCell[] {
  return tables.flatMap((table) =>
    table.rows.map((row) => releasedCell({ table, row }, published, decimals)),
  );
}

type Placed = { readonly table: NamedTable; readonly row: CountedRow };

/**
 * A rate and a coverage are printed only where the counts that they are made of are printed, so neither adds
 * anything to what the attacker was given.
 */
function releasedCell(
  { table, row }: Placed,
  published: ReadonlyMap<CellId, number>,
  decimals: number,
): ReleasedCell {
  const group = groupOf(table, row.levels);
  const count = (id: CellId): number | null => published.get(id) ?? null;
  const counts = {
    yes: count(group.yes),
    no: count(group.no),
    unknown: count(group.unknown),
    total: count(group.all),
  };
  const { yes, no, unknown, total } = counts;
  const whole = Object.values(counts).every((value) => value !== null);
  const level = (index: number): string | null =>
    table.dims[index] === undefined ? null : (row.levels[index] ?? TOTAL);
  return {
    measure: table.measure,
    table_name: table.name,
    dim_1: table.dims[0] ?? null,
    level_1: level(0),
    dim_2: table.dims[1] ?? null,
    level_2: level(1),
    status: whole ? 'published' : 'withheld',
    ...counts,
    rate_percent: isRatePrinted(group, published)
      ? percentOf(yes ?? 0, (yes ?? 0) + (no ?? 0), decimals)
      : null,
    coverage_percent:
      unknown === null || total === null || total === 0 ? null : percentOf(total - unknown, total, decimals),
    as_of: null,
  };
}
