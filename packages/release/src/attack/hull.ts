import type { Bounds, Outcome, Program, ProgramShape, Solver } from '../linear/program.js';
import type { Component } from './components.js';
import type { System } from './system.js';

/** One end of a range: the last value that can be, and whether a table of whole numbers was found that has it. */
export type End = { readonly value: number; readonly attained: boolean };

/** Answers for one component. Positions are those of `Component.unknowns`. */
export type Hull = {
  /** The lowest and highest value so far in a table of whole numbers that fits everything published. */
  readonly seen: (at: number) => Bounds;
  readonly least: (at: number) => End;
  readonly most: (at: number) => End;
};

/** Wider than the solver's tolerances (1e-7), narrower than any step between counts. */
const TOLERANCE = 1e-5;

const CONTRADICTION = 'published cells contradict the structure or the attacker model';

const shapeOf = (component: Component, bounds: readonly Bounds[]): Omit<ProgramShape, 'method'> => {
  const column = new Map(component.unknowns.map((unknown, at) => [unknown, at]));
  return {
    columns: bounds,
    rows: component.rows.map(({ terms, constant }) => ({
      least: constant,
      most: constant,
      terms: terms.map(([unknown, factor]) => [column.get(unknown) ?? 0, factor] as const),
    })),
  };
};

/**
 * A number no bounded cell reaches: every bounded cell is a small combination of published counts. With it as the
 * upper bound no program is unbounded, so every program ends in a table.
 */
const reachOf = (component: Component): number =>
  4 * component.rows.reduce((sum, { constant }) => sum + Math.abs(constant), 1000);

const closed = ({ least, most }: Bounds, reach: number): Bounds => ({
  least: Math.max(least, 0),
  most: Math.min(most, reach),
});

/** The nearest whole numbers if they satisfy every row and bound exactly, else null. Exact integers, no tolerance. */
const wholeTable = (values: Float64Array, shape: Omit<ProgramShape, 'method'>): Float64Array | null => {
  const table = values.map(Math.round);
  const within = shape.columns.every(({ least, most }, at) => {
    const value = table[at] ?? Number.NaN;
    return value >= least && value <= most;
  });
  const holds = shape.rows.every(
    ({ terms, least }) => terms.reduce((sum, [at, factor]) => sum + factor * (table[at] ?? 0), 0) === least,
  );
  return within && holds ? table : null;
};

/** Minimises one column, up or down, and leaves the costs as they were. */
const towards = (program: Program, at: number, direction: 1 | -1): Outcome => {
  program.setCost(at, direction);
  const outcome = program.solve();
  program.setCost(at, 0);
  return outcome;
};

const valuesOf = (outcome: Outcome): Float64Array | null => {
  if (outcome.state === 'infeasible') throw new RangeError(CONTRADICTION);
  return outcome.state === 'optimal' ? outcome.values : null;
};

type Programs = { readonly real: Program; readonly whole: () => Program };

const hullOf = (shape: Omit<ProgramShape, 'method'>, programs: Programs, reach: number): Hull => {
  const seenLeast = shape.columns.map(() => Number.POSITIVE_INFINITY);
  const seenMost = shape.columns.map(() => Number.NEGATIVE_INFINITY);
  const remember = (values: Float64Array): void => {
    const table = wholeTable(values, shape);
    for (const [at, value] of table?.entries() ?? []) {
      seenLeast[at] = Math.min(seenLeast[at] ?? value, value);
      seenMost[at] = Math.max(seenMost[at] ?? value, value);
    }
  };
  const bound = (at: number, direction: 1 | -1): number => {
    const values = valuesOf(towards(programs.real, at, direction));
    if (values === null) return direction === 1 ? 0 : reach;
    remember(values);
    const value = values[at] ?? Number.NaN;
    return direction === 1 ? Math.ceil(value - TOLERANCE) : Math.floor(value + TOLERANCE);
  };
  /** The end over whole numbers: known already, given by simplex, or else found by branch and bound. */
  const end = (at: number, direction: 1 | -1): End => {
    const seen = direction === 1 ? seenLeast : seenMost;
    const column = shape.columns[at];
    const limit = direction === 1 ? column?.least : column?.most;
    if (limit !== undefined && seen[at] === limit) return { value: limit, attained: true };
    const relaxed = bound(at, direction);
    if (seen[at] === relaxed) return { value: relaxed, attained: true };
    const values = valuesOf(towards(programs.whole(), at, direction));
    if (values === null) return { value: relaxed, attained: false };
    remember(values);
    return { value: Math.round(values[at] ?? relaxed), attained: seen[at] === Math.round(values[at] ?? relaxed) };
  };
  return {
    seen: (at) => ({ least: seenLeast[at] ?? 0, most: seenMost[at] ?? 0 }),
    least: (at) => end(at, 1),
    most: (at) => {
      const { value, attained } = end(at, -1);
      return value >= reach ? { value: Number.POSITIVE_INFINITY, attained } : { value, attained };
    },
  };
};
