import type { CellId, Group } from '../candidate/cell.js';
import { type CountedRow, groupOf, placeOf } from '../candidate/tables.js';
import { isRatePrinted } from '../protect/primary.js';
import { type Rounding, roundedCount } from '../rules/rounding.js';
import { type NamedTable, TOTAL } from './exact-cells.js';
import { percentOf } from './percent.js';
import { bases, linkId } from './printed-links.js';

/**
 * `withheld`: at least one of the counts that it is about is not printed, for whatever reason. `range`: nor are its yes
 * and no, but its rate is printed as a range.
 */
export type PrintStatus = 'published' | 'withheld' | 'range';

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
  readonly rounding: Rounding;
  /** Rates that are printed as a range, by the name of their yes. */
  readonly ranges: ReadonlyMap<CellId, string>;
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
  const counts = printedCounts(group, published, printing.rounding);
  const { yes, no } = counts;
  const range = printing.ranges.get(group.yes);
  const level = (index: number): string | null =>
    table.dims[index] === undefined ? null : (row.levels[index] ?? TOTAL);
  return {
    measure: table.measure,
    table_name: table.name,
    dim_1: table.dims[0] ?? null,
    level_1: level(0),
    dim_2: table.dims[1] ?? null,
    level_2: level(1),
    status: range === undefined ? statusOf(Object.values(counts)) : 'range',
    ...counts,
    known: yes === null || no === null ? null : yes + no,
    rate_percent: range ?? (isRatePrinted(group, published) ? rateOf(counts, printing) : null),
    ...coverageOf(counts, printing),
    ...linksOf({ table, row }, printing),
    ...boundsOf({ table, row }, counts, printing),
    as_of: null,
  };
}

/**
 * The counts of a row as they are printed. Each is rounded by itself, and a total of three printed counts is the sum of
 * these as rounded: everything printed is a function of the counts that the attacker was given.
 */
export function printedCounts(
  group: Group,
  published: ReadonlyMap<CellId, number>,
  rounding: Rounding,
): Counts {
  const count = (id: CellId): number | null => {
    const exact = published.get(id);
    return exact === undefined ? null : roundedCount(exact, rounding);
  };
  const [yes, no, unknown, total] = [
    count(group.yes),
    count(group.no),
    count(group.unknown),
    count(group.all),
  ];
  const isWhole = yes !== null && no !== null && unknown !== null && total !== null;
  return { yes, no, unknown, total: isWhole ? yes + no + unknown : total };
}

/** Null where nobody is left after rounding. */
const rateOf = ({ yes, no }: Counts, { decimals }: Printing): string | null => {
  const known = (yes ?? 0) + (no ?? 0);
  return known === 0 ? null : percentOf(yes ?? 0, known, decimals);
};

const statusOf = (counts: readonly (number | null)[]): PrintStatus =>
  counts.every((count) => count !== null) ? 'published' : 'withheld';

export type Counts = Pick<ReleasedCell, 'yes' | 'no' | 'unknown' | 'total'>;

const coverageOf = ({ unknown, total }: Counts, { decimals }: Printing) => ({
  coverage_percent:
    unknown === null || total === null || total === 0 ? null : percentOf(total - unknown, total, decimals),
});

const linkCounts = ({ table, row }: Placed, { links, rounding }: Printing) =>
  bases.map((basis) => {
    const count = links.get(linkId(table.measure, basis, placeOf(table.dims, row.levels)));
    return count === undefined ? null : roundedCount(count, rounding);
  });

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
function boundsOf(placed: Placed, { yes, unknown, total }: Counts, printing: Printing) {
  const [exact = null] = linkCounts(placed, printing);
  const strangers = printing.unlinkedAtMost.get(placed.table.measure);
  const whole = total ?? 0;
  const percent = (count: number) => percentOf(Math.min(count, whole), whole, printing.decimals);
  return {
    at_least_percent: whole === 0 || exact === null ? null : percent(exact),
    at_most_percent:
      whole === 0 || yes === null || unknown === null || strangers === undefined
        ? null
        : percent(yes + unknown + strangers),
  };
}
