import type { Part } from '../linear/parts.js';
import type { Bounds, Program, Solver } from '../linear/program.js';
import type { Row } from './system.js';
import { fittingTable, type Shape, whole, wholeTable } from './whole-table.js';

/** One end of a range: the last value a count can have, and whether a table of whole numbers was found that has it. */
export type End = { readonly value: number; readonly attained: boolean };

/** Answers for one part of a system. A cell is named by its place in the part. */
export type Hull = {
  readonly closing: Closing;
  /** The lowest and highest value so far in a table of whole numbers that fits everything published. */
  readonly seen: (at: number) => Bounds;
  /** The same in tables that fit but need not be of whole numbers. */
  readonly relaxed: (at: number) => Bounds;
  /** Looks for the least, then the most, by simplex alone: what it sees may fall short of the ends. */
  readonly probe: (at: number) => void;
  readonly least: (at: number) => End;
  readonly most: (at: number) => End;
};

/** 1 looks for the least value of a column, -1 for the most. */
type Direction = 1 | -1;

/** Wider than the solver's tolerances (1e-7), narrower than any step between counts. */
const TOLERANCE = 1e-5;

/**
 * Half of this no bounded cell reaches, since it is a small combination of published counts. As the upper bound of
 * every column it lets every program end in a table.
 */
const reachOf = (rows: readonly Row[]): number =>
  4 * rows.reduce((sum, { constant }) => sum + Math.abs(constant), 1000);

const shapeOf = ({ positions, rows }: Part<Row>, bounds: readonly Bounds[], reach: number): Shape => ({
  columns: positions.map((position) => ({
    least: Math.max(bounds[position]?.least ?? 0, 0),
    most: Math.min(bounds[position]?.most ?? reach, reach),
  })),
  rows: rows.map(({ terms, constant }) => ({ terms, least: constant, most: constant })),
});

/** What the tables found so far have shown. */
type Spread = { readonly least: number[]; readonly most: number[] };

const remember = (spread: Spread, table: Float64Array | null): void => {
  for (const [at, value] of table?.entries() ?? []) {
    spread.least[at] = Math.min(spread.least[at] ?? value, value);
    spread.most[at] = Math.max(spread.most[at] ?? value, value);
  }
};

type Search = {
  readonly solver: Solver;
  readonly shape: Shape;
  readonly program: Program;
  readonly spread: Spread;
  readonly relaxed: Spread;
  readonly closing: Closing;
};

/** Whether the range of whole tables is wanted, or that of all tables will do. */
export type Closing = 'whole' | 'linear';

/** The value of a column at its optimum, null if the solver gave up. */
const optimum = (search: Search, program: Program, at: number, direction: Direction): number | null => {
  program.setCost(at, direction);
  const outcome = program.solve();
  program.setCost(at, 0);
  if (outcome.state === 'infeasible') {
    throw new RangeError('published cells contradict the structure or the attacker model');
  }
  if (outcome.state === 'undecided') return null;
  remember(search.spread, wholeTable(outcome.values, search.shape));
  remember(search.relaxed, outcome.values);
  return outcome.values[at] ?? null;
};

const inwards = (value: number, direction: Direction): number =>
  (direction === 1 ? Math.ceil(value - TOLERANCE) : Math.floor(value + TOLERANCE)) + 0;

/**
 * The end of a column's range over tables of whole numbers. A table seen before may have it already; simplex gives
 * a bound, and in tables that add up nearly always a whole table at it; where the best real table is fractional,
 * branch and bound decides. Without that last step the range would be that of the linear relaxation, which is never
 * narrower than what an attacker who knows that children are whole can conclude.
 */
const endOf = (search: Search, at: number, direction: Direction): End => {
  const { solver, shape, spread } = search;
  const seen = direction === 1 ? spread.least : spread.most;
  const column = shape.columns[at] ?? { least: 0, most: 0 };
  const limit = direction === 1 ? column.least : column.most;
  if (seen[at] === limit) return { value: limit, attained: true };
  const relaxed = inwards(optimum(search, search.program, at, direction) ?? limit, direction);
  if (seen[at] === relaxed) return { value: relaxed, attained: true };
  if (search.closing === 'linear') return { value: relaxed, attained: false };
  const found = solver.withProgram({ ...shape, method: 'whole' }, (program) =>
    optimum(search, program, at, direction),
  );
  const value = found === null ? relaxed : whole(found);
  return { value, attained: seen[at] === value };
};

const boundsIn = ({ least, most }: Spread, at: number): Bounds => ({
  least: least[at] ?? 0,
  most: most[at] ?? 0,
});

const open = (search: Search, reach: number): Hull => ({
  closing: search.closing,
  seen: (at) => boundsIn(search.spread, at),
  relaxed: (at) => boundsIn(search.relaxed, at),
  probe: (at) => {
    optimum(search, search.program, at, 1);
    optimum(search, search.program, at, -1);
  },
  least: (at) => endOf(search, at, 1),
  most: (at) => {
    const { value, attained } = endOf(search, at, -1);
    return { value: value >= reach / 2 ? Number.POSITIVE_INFINITY : value, attained };
  },
});

/** A part of a system, the bounds of all unknowns of the system, and tables of the part that may fit. */
export type Opening = {
  readonly solver: Solver;
  readonly part: Part<Row>;
  readonly bounds: readonly Bounds[];
  readonly tables: readonly Float64Array[];
  readonly closing: Closing;
};

const nothingSeen = ({ columns }: Shape): Spread => ({
  least: columns.map(() => Number.POSITIVE_INFINITY),
  most: columns.map(() => Number.NEGATIVE_INFINITY),
});

/**
 * Opens the ranges of one part of a system for the length of `use`.
 *
 * @throws RangeError from an answer if no table fits what is published and believed.
 */
export const withHull = <Result>(
  { solver, part, bounds, tables, closing }: Opening,
  use: (hull: Hull) => Result,
): Result => {
  const reach = reachOf(part.rows);
  const shape = shapeOf(part, bounds, reach);
  const [spread, relaxed] = [nothingSeen(shape), nothingSeen(shape)];
  for (const table of tables) {
    remember(spread, wholeTable(table, shape));
    remember(relaxed, fittingTable(table, shape));
  }
  return solver.withProgram({ ...shape, method: 'primal' }, (program) =>
    use(open({ solver, shape, program, spread, relaxed, closing }, reach)),
  );
};
