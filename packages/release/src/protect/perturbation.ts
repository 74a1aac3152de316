import type { Bounds, Outcome, Program, ProgramRow, ProgramShape, Solver } from '../linear/program.js';

/** A cell that may be withheld, by its count and the least count that a reader could take a withheld one for. */
export type Movable = { readonly count: number; readonly floor: number };

/** By how many children a movable cell differs from the truth in each of two tables. */
export type Move = { readonly at: number; readonly raised: number; readonly lowered: number };

/**
 * Two more tables that add up as the true one does, by the cells that either moves. What both leave as it is may be
 * printed; between them the target cell spans the width asked for.
 */
export type Perturbation = { readonly moves: readonly Move[] };

/** How far another cell may be moved, in widths: twice, as a cell can make up for two others. */
const REACH = 2;

/** Outweighs every loss, so that width comes first and loss decides among the ways to it. */
const REWARD = 1e7;

/** Each movable cell has four columns: rise and fall in the raised table, rise and fall in the lowered one. */
const MOVES = 4;
const column = (at: number, lowered: boolean, fall: boolean): number =>
  MOVES * at + 2 * Number(lowered) + Number(fall);

/** What holds between changes: equations over places in a list of movable cells, without their constants. */
export type ChangeRow = { readonly terms: readonly (readonly [at: number, factor: number])[] };

const rowOf = ({ terms }: ChangeRow, lowered: boolean): ProgramRow => ({
  least: 0,
  most: 0,
  terms: terms.flatMap(([at, factor]) => [
    [column(at, lowered, false), factor] as const,
    [column(at, lowered, true), -factor] as const,
  ]),
});

/** Cells that may move, what ties them, and the width in children that a target should span. */
export type Room<Kind extends Movable = Movable> = {
  readonly cells: readonly Kind[];
  readonly rows: readonly ChangeRow[];
  readonly width: number;
};

type Shape = Omit<ProgramShape, 'method'>;

/** Signs of the four moves in the width of a target: raised minus lowered. */
const WIDTH_SIGNS = [1, -1, -1, 1] as const;

const columnsOf = ({ count, floor }: Movable, width: number): readonly Bounds[] => {
  const rise = { least: 0, most: REACH * width };
  const fall = { least: 0, most: Math.max(0, Math.min(count - floor, REACH * width)) };
  return [rise, fall, rise, fall];
};

const shapeOf = ({ cells, rows, width }: Room): Shape => ({
  columns: cells.flatMap((cell) => columnsOf(cell, width)),
  rows: [
    ...[false, true].flatMap((lowered) => rows.map((row) => rowOf(row, lowered))),
    { least: Number.NEGATIVE_INFINITY, most: width, terms: [] },
  ],
});

const costOf = (loss: number, sign: number): number => loss - sign * REWARD;

/** Points the program at a target, solves, and points it away again. */
const solveFor = (program: Program, shape: Shape, { at, loss }: { at: number; loss: number }): Outcome => {
  const widthRow = shape.rows.length - 1;
  for (const [move, sign] of WIDTH_SIGNS.entries()) {
    program.setFactor(widthRow, MOVES * at + move, sign);
    program.setCost(MOVES * at + move, costOf(loss, sign));
  }
  const outcome = program.solve();
  for (const move of WIDTH_SIGNS.keys()) {
    program.setFactor(widthRow, MOVES * at + move, 0);
    program.setCost(MOVES * at + move, loss);
  }
  return outcome;
};

const setLoss = (program: Program, at: number, loss: number): void => {
  for (const move of WIDTH_SIGNS.keys()) program.setCost(MOVES * at + move, loss);
};

/** Clears the solver's tolerance, so that a cell left alone is left at 0. */
const nearlyWhole = (value: number): number => Math.round(value * 1000) / 1000;

const perturbationOf = (values: Float64Array): Perturbation => {
  const moves: Move[] = [];
  for (let at = 0; MOVES * at < values.length; at++) {
    const change = (lowered: boolean): number =>
      nearlyWhole((values[column(at, lowered, false)] ?? 0) - (values[column(at, lowered, true)] ?? 0));
    const [raised, lowered] = [change(false), change(true)];
    if (raised !== 0 || lowered !== 0) moves.push({ at, raised, lowered });
  }
  return { moves };
};

export type Perturber = {
  /** What it costs to move a cell by one child. 0 at first. */
  readonly setLoss: (at: number, loss: number) => void;
  /** The way of least loss to open a cell to the width, or null if there is none. */
  readonly widen: (at: number) => Perturbation | null;
};

/**
 * Searches for perturbations, for the length of `use`. For a target it looks for two further tables, one with more
 * and one with fewer children in the target, that add up as the truth does and move the rest at least total loss
 * (the linear programming heuristic for cell suppression: Kelly, Golden and Assad 1992; Fischetti and Salazar 2000,
 * who ask for a sliding protection level, which is our width). The two directions are searched together since a
 * small group can often give half the width each way and the whole width neither way.
 *
 * Knows the true counts, unlike the attacker who checks the outcome. Cells outside the room do not move. The
 * tables are those of the linear relaxation, seldom with a fraction (some 1 in 70 on a city's tables); closing them by
 * branch and bound took 0.2 to 2 s each, so the audit, which does insist on whole tables, asks for more width instead.
 */
export const withPerturber = <Result>(
  solver: Solver,
  room: Room,
  use: (perturber: Perturber) => Result,
): Result => {
  const shape = shapeOf(room);
  const losses = room.cells.map(() => 0);
  return solver.withProgram({ ...shape, method: 'dual' }, (program) =>
    use({
      setLoss: (at, loss) => {
        if (losses[at] === loss) return;
        losses[at] = loss;
        setLoss(program, at, loss);
      },
      widen: (at) => {
        const outcome = solveFor(program, shape, { at, loss: losses[at] ?? 0 });
        if (outcome.state !== 'optimal') return null;
        const perturbation = perturbationOf(outcome.values);
        const own = perturbation.moves.find((move) => move.at === at);
        return own !== undefined && own.raised - own.lowered >= room.width ? perturbation : null;
      },
    }),
  );
};
