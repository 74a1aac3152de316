import type { ProgramShape } from '../linear/program.js';

/** Columns and rows of a program over the counts that are withheld. */
export type Shape = Omit<ProgramShape, 'method'>;

/** Never -0, which a cell at its lower bound can come back as. */
export const whole = (value: number): number => Math.round(value) + 0;

/**
 * The nearest whole numbers if they satisfy every row and bound exactly, else null. A table that comes out of here
 * is a fact about what was published, whatever the solver did to find it: the sums are of integers, and exact.
 */
export const wholeTable = (values: Float64Array, shape: Shape): Float64Array | null => {
  const table = values.map(whole);
  const within = shape.columns.every(({ least, most }, at) => {
    const value = table[at] ?? Number.NaN;
    return value >= least && value <= most;
  });
  const holds = shape.rows.every(
    ({ terms, least }) => terms.reduce((sum, [at, factor]) => sum + factor * (table[at] ?? 0), 0) === least,
  );
  return within && holds ? table : null;
};

/** What a sum over a table's cells may be off by; far below one person, and above what sums of thousands round to. */
const OFF_BY = 1e-4;

/** The table if it satisfies every row and bound but for rounding, else null. */
export const fittingTable = (values: Float64Array, shape: Shape): Float64Array | null => {
  const near = (value: number, bound: number): boolean => Math.abs(value - bound) <= OFF_BY;
  const within = shape.columns.every(({ least, most }, at) => {
    const value = values[at] ?? Number.NaN;
    return (value >= least && value <= most) || near(value, least) || near(value, most);
  });
  const holds = shape.rows.every(({ terms, least }) =>
    near(
      terms.reduce((sum, [at, factor]) => sum + factor * (values[at] ?? 0), 0),
      least,
    ),
  );
  return within && holds ? values : null;
};
