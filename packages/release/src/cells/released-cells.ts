import type { CellId } from '../candidate/cell.js';
import { type CountedRow, groupOf, placeOf } from '../candidate/tables.js';
import { isRatePrinted } from '../protect/primary.js';
import { type NamedTable, TOTAL } from './exact-cells.js';
import { percentOf } from './percent.js';
import { bases, linkId } from './printed-links.js';

/** `withheld`: at least one of the counts that it is about is not printed, for whatever reason. */
export type PrintStatus = 'published' | 'withheld';

/** One row of a release. A withheld count is null; its status says that, and never why. */
export type ReleasedCell = {
  readonly measure: string;
  readonly table_name: string;
  readonly dim_1: string | null;
  readonly level_1: string | null;
  readonly dim_2: string | null;
  readonly level_2: string | null;
  readonly status: PrintStatus;
  readonly yes: number | null;
  readonly no: number | null;
  readonly unknown: number | null;
  readonly total: number | null;
  readonly known: number | null;
  readonly rate_percent: string | null;
  readonly coverage_percent: string | null;
  readonly links_status: PrintStatus;
  readonly by_exact_links: number | null;
  readonly by_probable_links: number | null;
  readonly by_weak_links: number | null;
  readonly at_least_percent: string | null;
  readonly at_most_percent: string | null;
  /** ISO date. */
  readonly as_of: string | null;
};

/** How rows are printed: decimals of a percentage, and at most how many persons a measure's source has unlinked. */
export type Printing = {
  readonly decimals: number;
  readonly unlinkedAtMost: ReadonlyMap<string, number>;
  /** The counts by link that are printed, by their names. */
  readonly links: ReadonlyMap<CellId, number>;
};

/** What of the tables may be printed, given the counts that are not withheld. */
export function releasedCells(
  tables: readonly NamedTable[],
  published: ReadonlyMap<CellId, number>,
  printing: Printing,
): ReleasedCell[] {
  return tables.flatMap((table) =>
    table.rows.map((row) => releasedCell({ table, row }, published, printing)),
  );
}

/**
 * Counts of unlinked persons are told as the upper end of steps of this many, so that nobody can tell a small one
 * from any other count of its step. Zero is zero: it tells of nobody.
 */
export const unlinkedAtMost = (unlinked: number, minIntervalWidth: number): number =>
  Math.ceil(unlinked / (minIntervalWidth + 1)) * (minIntervalWidth + 1);

type Placed = { readonly table: NamedTable; readonly row: CountedRow };

/**
 * A rate, a coverage and a bound are printed only where the counts that they are made of are printed, so none adds
 * anything to what the attacker was given.
 */
function releasedCell(
  { table, row }: Placed,
  published: ReadonlyMap<CellId, number>,
  printing: Printing,
): ReleasedCell {
  const group = groupOf(table, row.levels);
  const count = (id: CellId): number | null => published.get(id) ?? null;
  const counts = {
    yes: count(group.yes),
    no: count(group.no),
    unknown: count(group.unknown),
    total: count(group.all),
  };
  const { yes, no } = counts;
  const level = (index: number): string | null =>
    table.dims[index] === undefined ? null : (row.levels[index] ?? TOTAL);
  return {
    measure: table.measure,
    table_name: table.name,
    dim_1: table.dims[0] ?? null,
    level_1: level(0),
    dim_2: table.dims[1] ?? null,
    level_2: level(1),
    status: statusOf(Object.values(counts)),
    ...counts,
    known: yes === null || no === null ? null : yes + no,
    rate_percent: isRatePrinted(group, published)
      ? percentOf(yes ?? 0, (yes ?? 0) + (no ?? 0), printing.decimals)
      : null,
    ...coverageOf(counts, printing),
    ...linksOf({ table, row }, printing),
    ...boundsOf({ table, row }, published, printing),
    as_of: null,
  };
}

const statusOf = (counts: readonly (number | null)[]): PrintStatus =>
  counts.every((count) => count !== null) ? 'published' : 'withheld';

type Counts = Pick<ReleasedCell, 'yes' | 'no' | 'unknown' | 'total'>;

const coverageOf = ({ unknown, total }: Counts, { decimals }: Printing) => ({
  coverage_percent:
    unknown === null || total === null || total === 0 ? null : percentOf(total - unknown, total, decimals),
});

const linkCounts = ({ table, row }: Placed, { links }: Printing) =>
  bases.map((basis) => links.get(linkId(table.measure, basis, placeOf(table.dims, row.levels))) ?? null);

function linksOf(placed: Placed, printing: Printing) {
  const counts = linkCounts(placed, printing);
  const [exact = null, probable = null, weak = null] = counts;
  return {
    links_status: statusOf(counts),
    by_exact_links: exact,
    by_probable_links: probable,
    by_weak_links: weak,
  };
}

/**
 * How far the truth can be, in per cent of all children. At least: only exact links are right. At most: every unknown
 * is a yes, and so is, in this very place, every person of the source whom no school record is linked to.
 */
function boundsOf(placed: Placed, published: ReadonlyMap<CellId, number>, printing: Printing) {
  const { yes, unknown, all } = groupOf(placed.table, placed.row.levels);
  const total = published.get(all) ?? 0;
  const [exact = null] = linkCounts(placed, printing);
  const [reached, open] = [published.get(yes), published.get(unknown)];
  const strangers = printing.unlinkedAtMost.get(placed.table.measure);
  const percent = (count: number) => percentOf(Math.min(count, total), total, printing.decimals);
  return {
    at_least_percent: total === 0 || exact === null ? null : percent(exact),
    at_most_percent:
      total === 0 || reached === undefined || open === undefined || strangers === undefined
        ? null
        : percent(reached + open + strangers),
  };
}
