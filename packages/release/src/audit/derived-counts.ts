import { percentOf } from '../cells/percent.js';
import type { Bounds } from '../linear/program.js';
import type { Rounding } from '../rules/rounding.js';
import type { PrintedComparison, PrintedRelease } from './printed-release.js';
import type { PrintedRow, PrintedTable } from './printed-tables.js';

/** The parts of a whole whose percentage is written so. Percentages rise with the part, so they are next to each other. */
const partsWritten = (
  percent: string,
  whole: number,
  write: (part: number, whole: number) => string,
): Bounds | null => {
  const parts = Array.from({ length: whole + 1 }, (_, part) => part).filter(
    (part) => write(part, whole) === percent,
  );
  const [least, most] = [parts[0], parts.at(-1)];
  return least === undefined || most === undefined ? null : { least, most };
};

const decimalsOf = (percent: string): number => (percent.includes('.') ? 1 : 0);

const minus = (whole: number, { least, most }: Bounds): Bounds => ({
  least: Math.max(0, whole - most),
  most: Math.max(0, whole - least),
});

/** Counts that a row of cells tells without printing them: who is unknown, by its coverage; whose links are not exact. */
const inRow = ({ yes, unknown, total, coverage, links }: PrintedRow): readonly Bounds[] => {
  const [exact = null, probable = null] = links ?? [];
  const known =
    unknown !== null || total === null || coverage === null || coverage === undefined
      ? null
      : partsWritten(coverage, total, (part, whole) => percentOf(part, whole, decimalsOf(coverage)));
  return [
    ...(known === null || total === null ? [] : [minus(total, known)]),
    ...(yes === null || exact === null || probable !== null
      ? []
      : [minus(yes, { least: exact, most: exact })]),
  ];
};

const cellAt = (tables: readonly PrintedTable[], { outcome, access, level }: PrintedComparison) =>
  tables
    .filter(({ measure, dims }) => measure === outcome && dims.length === 1 && dims[0] === access)
    .flatMap(({ rows }) => rows)
    .find(({ levels }) => levels[0] === level);

/** Those compared with the outcome and without it, and those of the level who were not compared. */
const inComparison = (comparison: PrintedComparison, tables: readonly PrintedTable[]): readonly Bounds[] => {
  const { compared, observed } = comparison;
  if (compared === null || observed === null) return [];
  const yes = partsWritten(observed, compared, (part, whole) => String(Math.round((100 * part) / whole)));
  if (yes === null) return [];
  const no = minus(compared, yes);
  const cell = cellAt(tables, comparison);
  const rest = [
    ...(typeof cell?.yes === 'number' ? [minus(cell.yes, yes)] : []),
    ...(typeof cell?.no === 'number' ? [minus(cell.no, no)] : []),
  ];
  return [yes, no, ...rest];
};

/** Counts that follow from percentages and from differences of what is printed beside them. Of rounded counts none does. */
export const derivedCounts = (
  { tables, comparisons }: PrintedRelease,
  rounding: Rounding,
): readonly Bounds[] =>
  rounding.rule !== 'none'
    ? []
    : [
        ...tables.flatMap(({ rows }) => rows.flatMap(inRow)),
        ...comparisons.flatMap((each) => inComparison(each, tables)),
      ];
