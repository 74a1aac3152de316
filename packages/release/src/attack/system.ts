import type { CellId, Equation, Structure } from '../candidate/cell.js';
import { byName } from '../candidate/cell.js';
import type { Bounds } from '../linear/program.js';
import type { AttackerModel } from './model.js';

/** factor x unknown, summed, equals the constant. Unknowns are positions in `System.unknowns`. */
export type Row = {
  readonly terms: readonly (readonly [unknown: number, factor: number])[];
  readonly constant: number;
};

/** What is left to find out once every published count is put into the equations. */
export type System = {
  readonly unknowns: readonly CellId[];
  readonly bounds: readonly Bounds[];
  readonly rows: readonly Row[];
};

export type Published = ReadonlyMap<CellId, number>;

const COUNT: Bounds = { least: 0, most: Number.POSITIVE_INFINITY };

const rowOf = (equation: Equation, position: ReadonlyMap<CellId, number>, published: Published): Row => {
  let { constant } = equation;
  const terms: [number, number][] = [];
  for (const [cell, factor] of equation.terms) {
    const at = position.get(cell);
    const count = published.get(cell);
    if (count !== undefined) constant -= factor * count;
    else if (at !== undefined) terms.push([at, factor]);
    else throw new RangeError('structure must list every cell of its equations');
  }
  return { terms, constant };
};

/** Rows that still say something. A row without unknowns must be true, or the tables contradict themselves. */
const telling = (rows: readonly Row[]): readonly Row[] => {
  if (rows.some(({ terms, constant }) => terms.length === 0 && constant !== 0)) {
    throw new RangeError('published cells contradict the structure');
  }
  return rows.filter(({ terms }) => terms.length > 0);
};

/**
 * @throws RangeError if the published cells contradict the structure, or an equation names a cell that the
 * structure does not list.
 */
export const systemOf = (published: Published, structure: Structure, model: AttackerModel): System => {
  const unknowns = structure.cells.filter((cell) => !published.has(cell)).sort(byName);
  const position = new Map(unknowns.map((cell, at) => [cell, at]));
  const rows = structure.equations.map((equation) => rowOf(equation, position, published));
  return { unknowns, bounds: unknowns.map((cell) => model.beliefs.get(cell) ?? COUNT), rows: telling(rows) };
};

/** The system with some unknowns known, by position. Positions do not change; a known unknown is in no row. */
export const settle = (system: System, known: ReadonlyMap<number, number>): System => ({
  ...system,
  rows: telling(
    system.rows.map(({ terms, constant }) => ({
      terms: terms.filter(([at]) => !known.has(at)),
      constant: terms.reduce((rest, [at, factor]) => rest - factor * (known.get(at) ?? 0), constant),
    })),
  ),
});

/** The value, if it is a count the attacker believes possible; 0 for -0, which 0 / -1 is. */
export const requireWithin = (value: number, { least, most }: Bounds = COUNT): number => {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new RangeError('published cells contradict the structure or the attacker model');
  }
  return value + 0;
};

/** Unknowns that are alone in an equation, with their values, until no equation has one unknown. */
export const singletons = (system: System): ReadonlyMap<number, number> => {
  const known = new Map<number, number>();
  for (let rest = system; ; rest = settle(rest, known)) {
    const before = known.size;
    for (const { terms, constant } of rest.rows) {
      const [only, other] = terms;
      if (only === undefined || other !== undefined) continue;
      const [at, factor] = only;
      known.set(at, requireWithin(constant / factor, system.bounds[at]));
    }
    if (known.size === before) return known;
  }
};
