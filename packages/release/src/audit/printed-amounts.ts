import { attack, type Interval } from '../attack/attack.js';
import { byName, type CellId, type Equation } from '../candidate/cell.js';
import { type Level, levelsOf, placeOf, withLevel } from '../candidate/tables.js';
import type { Bounds, Solver } from '../linear/program.js';
import { countsRoundedTo, type Rounding } from '../rules/rounding.js';
import type { PrintedAmount } from './printed-release.js';

const idOf = (measure: string, dims: readonly string[], levels: readonly Level[]): CellId =>
  JSON.stringify(['amount', measure, ...placeOf(dims, levels)]);

const amountId = ({ measure, dims, levels }: PrintedAmount): CellId => idOf(measure, dims, levels);

/** Tables of sums by their dimensions. */
const tablesOf = (amounts: readonly PrintedAmount[]): readonly (readonly PrintedAmount[])[] => {
  const tables = new Map<string, PrintedAmount[]>();
  for (const amount of amounts) {
    const key = JSON.stringify([amount.measure, amount.dims]);
    tables.set(key, [...(tables.get(key) ?? []), amount]);
  }
  return [...tables.values()];
};

const totalsIn = (rows: readonly PrintedAmount[]): readonly Equation[] =>
  rows.flatMap(({ measure, dims, levels }) =>
    dims.flatMap((_, dim) =>
      levels[dim] !== null
        ? []
        : [
            {
              terms: [
                [idOf(measure, dims, levels), -1] as const,
                ...levelsOf({ rows }, dim).map(
                  (level) => [idOf(measure, dims, withLevel(levels, dim, level)), 1] as const,
                ),
              ],
              constant: 0,
            },
          ],
    ),
  );

const UNBOUNDED: Bounds = { least: 0, most: Number.POSITIVE_INFINITY };

/** A sum that is printed stands for what it is rounded to; another is at least one for each child who adds to it. */
const boundsOf = ({ volume, children }: PrintedAmount, rounding: Rounding): Bounds => {
  if (volume !== null) return countsRoundedTo(volume, rounding);
  return children === null ? UNBOUNDED : { ...UNBOUNDED, least: countsRoundedTo(children, rounding).least };
};

/** What somebody concludes of the sums of one day. */
export type KnownAmounts = {
  /** Of those that are withheld. */
  readonly ranges: ReadonlyMap<CellId, Interval>;
  /** Of all. */
  readonly known: ReadonlyMap<CellId, Bounds>;
};

/**
 * Attacks the sums of one day with nothing but what is printed.
 *
 * @throws RangeError if what is printed contradicts itself.
 */
export const attackAmounts = (
  amounts: readonly PrintedAmount[],
  { rounding, solver }: { readonly rounding: Rounding; readonly solver: Solver },
): KnownAmounts => {
  const told = new Map(amounts.map((amount) => [amountId(amount), boundsOf(amount, rounding)]));
  const printed = new Set(amounts.flatMap((amount) => (amount.volume === null ? [] : [amountId(amount)])));
  const isExact = (cell: CellId, { least, most }: Bounds): boolean => printed.has(cell) && least === most;
  const published = new Map(
    [...told].flatMap(([cell, bounds]) => (isExact(cell, bounds) ? [[cell, bounds.least]] : [])),
  );
  const ranges = attack({
    structure: { cells: [...told.keys()].sort(byName), equations: tablesOf(amounts).flatMap(totalsIn) },
    published,
    model: { name: 'A1', beliefs: told },
    solver,
  });
  return {
    ranges: new Map([...ranges].filter(([cell]) => !printed.has(cell))),
    known: new Map([
      ...[...published].map(([cell, value]) => [cell, { least: value, most: value }] as const),
      ...ranges,
    ]),
  };
};
