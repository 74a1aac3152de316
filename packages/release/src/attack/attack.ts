import { byName, type CellId, type Structure } from '../candidate/cell.js';
import { type Part, partsOf } from '../linear/parts.js';
import type { Solver } from '../linear/program.js';
import { determined } from './elimination.js';
import { type Hull, withHull } from './hull.js';
import type { AttackerModel } from './model.js';
import { type Published, type Row, type System, settle, singletons, systemOf } from './system.js';

/** All that an attacker has. Nothing in it tells a withheld count. */
export type Question = {
  /** Everything that is known exactly: what is printed and what was public before. */
  readonly published: Published;
  readonly structure: Structure;
  readonly model: AttackerModel;
  readonly solver: Solver;
  /**
   * Tables that may fit everything published, from whoever knows some: counts by cell. Each is checked in exact
   * integers before it shows anything, so a wrong one costs time and proves nothing.
   */
  readonly tables?: readonly Table[];
  /**
   * The largest part, in unknown cells, whose ranges are those of whole tables. Beyond it they are those of the linear
   * program, which are never narrower. No limit unless given: branch and bound on thousands of unknowns has no end.
   */
  readonly wholeUpTo?: number;
};

export type Table = (cell: CellId) => number;

/** What can be concluded about one withheld count of children, ends included. */
export type Interval = {
  readonly least: number;
  /** Infinity if nothing published bounds the count. */
  readonly most: number;
  /**
   * True if both ends were found in whole tables that fit everything published. False if branch and bound gave up:
   * the interval then still holds every possible value, and may be too wide.
   */
  readonly exact: boolean;
};

const nameAt = (system: System, unknown: number): CellId => {
  const cell = system.unknowns[unknown];
  if (cell === undefined) throw new RangeError('unknown must be a position in the system');
  return cell;
};

/** Wider than the tolerances of the solver, narrower than any step between counts. */
const ROUNDING = 1e-4;

/** A cell that is not shown to have the width asked for. */
export type Shortfall = { readonly cell: CellId; readonly demanded: number; readonly interval: Interval };

type Reduced = {
  readonly system: System;
  readonly known: ReadonlyMap<number, number>;
  readonly parts: readonly Part<Row>[];
};

/** Equations first: what they determine needs no linear program, and the rest falls into smaller parts. */
const reduce = ({ published, structure, model }: Question): Reduced => {
  const system = systemOf(published, structure, model);
  const alone = singletons(system);
  const rest = settle(system, alone);
  const known = new Map([...alone, ...determined(rest)]);
  const parts = partsOf(system.unknowns.length, settle(rest, known).rows);
  const isOpen = ({ positions }: Part<Row>): boolean => !positions.some((position) => known.has(position));
  return { system, known, parts: parts.filter(isOpen) };
};

const settledHull = (value: number): Hull => ({
  seen: () => ({ least: value, most: value }),
  relaxed: () => ({ least: value, most: value }),
  closing: 'whole',
  probe: () => undefined,
  least: () => ({ value, attained: true }),
  most: () => ({ value, attained: true }),
});

/** Opens every withheld cell to questions, part by part: settled cells first, each a part of its own. */
const examine = (question: Question, visit: (hull: Hull, cells: readonly CellId[]) => void): void => {
  const { system, known, parts } = reduce(question);
  for (const [unknown, value] of known) visit(settledHull(value), [nameAt(system, unknown)]);
  for (const part of parts) {
    const cells = part.positions.map((unknown) => nameAt(system, unknown));
    const tables = (question.tables ?? []).map((table) => Float64Array.from(cells, table));
    const { solver, wholeUpTo = Number.POSITIVE_INFINITY } = question;
    const closing = cells.length <= wholeUpTo ? 'whole' : 'linear';
    withHull({ solver, part, bounds: system.bounds, tables, closing }, (hull) => visit(hull, cells));
  }
};

const intervalAt = (hull: Hull, at: number): Interval => {
  const least = hull.least(at);
  const most = hull.most(at);
  return { least: least.value, most: most.value, exact: least.attained && most.attained };
};

/**
 * What an attacker can conclude about every withheld cell: the narrowest interval of whole numbers that holds all
 * its possible values. Elimination, and then, part by part, a minimum and a maximum per cell (Hundepool et al.,
 * Handbook on Statistical Disclosure Control, the attacker's problem of cell suppression). The linear relaxation is
 * closed by branch and bound where its best table is not of whole numbers, so an interval can be narrower than the
 * linear one, never wider, and is what trying all tables would give.
 *
 * @throws RangeError if the published cells contradict one another, the structure or the model.
 */
export const attack = (question: Question): ReadonlyMap<CellId, Interval> => {
  const intervals = new Map<CellId, Interval>();
  examine(question, (hull, cells) => {
    for (const [at, cell] of cells.entries()) intervals.set(cell, intervalAt(hull, at));
  });
  return new Map([...intervals].sort(([a], [b]) => byName(a, b)));
};

const spread = ({ least, most }: { readonly least: number; readonly most: number }): number => most - least;

/** The width shown so far: between whole tables, or where those are not asked for between any. */
const widthShown = (hull: Hull, at: number): number =>
  hull.closing === 'whole' ? spread(hull.seen(at)) : spread(hull.relaxed(at)) + ROUNDING;

/** Positions not shown to be wide. Simplex for all of them first: a table found for one often shows another. */
const narrowIn = (hull: Hull, demanded: readonly number[]): readonly number[] => {
  const isNarrow = (at: number): boolean => widthShown(hull, at) < (demanded[at] ?? 0);
  for (const at of demanded.keys()) if (isNarrow(at)) hull.probe(at);
  return [...demanded.keys()].filter((at) => {
    if (isNarrow(at)) hull.least(at);
    if (isNarrow(at)) hull.most(at);
    return isNarrow(at);
  });
};

const requireKnown = ({ structure }: Question, demands: ReadonlyMap<CellId, number>): void => {
  const cells = new Set(structure.cells);
  if (![...demands.keys()].every((cell) => cells.has(cell))) {
    throw new RangeError('demands must name cells of the structure');
  }
};

const pinned = (count: number): Interval => ({ least: count, most: count, exact: true });

const publishedShortfalls = (
  published: Published,
  demands: ReadonlyMap<CellId, number>,
): readonly Shortfall[] =>
  [...demands].flatMap(([cell, demanded]) => {
    const count = published.get(cell);
    return count === undefined ? [] : [{ cell, demanded, interval: pinned(count) }];
  });

/**
 * The cells that are not shown to have the width demanded of them, in order of name; a published cell has width 0.
 * Absence from the answer is a proof that does not rest on the solver's arithmetic: two tables of whole numbers were
 * found, both checked in exact integers against every equation and belief, that agree on everything published and
 * differ in the cell by the width. In a part larger than `wholeUpTo` they are two tables that need not be whole and
 * were checked to a ten-thousandth of a person.
 *
 * @param demands widths in children, each above 0, of cells of the structure.
 * @throws RangeError as `attack`, and if a demand names a cell that is not in the structure.
 */
export const audit = (question: Question, demands: ReadonlyMap<CellId, number>): readonly Shortfall[] => {
  requireKnown(question, demands);
  const shortfalls = [...publishedShortfalls(question.published, demands)];
  examine(question, (hull, cells) => {
    const demanded = cells.map((cell) => demands.get(cell) ?? 0);
    const narrow = new Set(narrowIn(hull, demanded));
    for (const [at, cell] of cells.entries()) {
      if (!narrow.has(at)) continue;
      shortfalls.push({ cell, demanded: demanded[at] ?? 0, interval: intervalAt(hull, at) });
    }
  });
  return shortfalls.sort((a, b) => byName(a.cell, b.cell));
};

/** Of some cells, how many are known exactly, and the width of the narrowest. */
export type Narrowness = { readonly exact: number; readonly width: number };

/**
 * The narrowest of some withheld cells. Only cells that could be narrower than the narrowest so far cost a program.
 *
 * @returns a width of Infinity if no cell is given, or nothing published bounds any.
 * @throws RangeError as `attack`.
 */
export const narrowest = (question: Question, asked: ReadonlySet<CellId>): Narrowness => {
  let [exact, width] = [0, Number.POSITIVE_INFINITY];
  examine(question, (hull, cells) => {
    const places = [...cells.keys()].filter((at) => asked.has(cells[at] ?? ''));
    const bySeen = places
      .map((at) => ({ at, seen: widthShown(hull, at) }))
      .sort((a, b) => a.seen - b.seen || a.at - b.at);
    for (const { at } of bySeen) {
      if (Math.max(0, widthShown(hull, at)) >= Math.max(1, width)) continue;
      const found = spread(intervalAt(hull, at));
      if (found === 0) exact += 1;
      width = Math.min(width, found);
    }
  });
  return { exact, width };
};
