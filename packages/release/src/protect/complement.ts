import type { Candidate, Cell, CellId, Equation } from '../candidate/cell.js';
import { byName } from '../candidate/cell.js';
import { partsOf } from '../linear/parts.js';
import type { Solver } from '../linear/program.js';
import { lossOf, WITHHELD_LOSS } from './loss.js';
import { type Perturbation, type Room, withPerturber } from './perturbation.js';
import type { ProtectionPolicy } from './policy.js';
import { companions, farFromNone, isNeverWithheldAtZero, loneOutcomes } from './primary.js';

/** What is to be protected, by which policy, and what can no longer be taken back. */
export type Protection = {
  readonly candidate: Candidate;
  readonly policy: ProtectionPolicy;
  /** Cells that readers have exactly, from an earlier release or elsewhere: withholding them hides nothing. */
  readonly alreadyPublic: ReadonlySet<CellId>;
  /** Cells that are not printed whatever they are, and need no doubt of their own. None unless given. */
  readonly unprinted?: ReadonlySet<CellId>;
  readonly solver: Solver;
};

/** A cell that may be withheld, and the least count that a reader could take a withheld one for. */
type Movable = Cell & {
  readonly floor: number;
  readonly loss: number;
  readonly companion: CellId | undefined;
};

/**
 * Which cells may be withheld. `outcomes`: all but denominators and the grand total; they are the least loss, and
 * without denominators the measures fall apart into rooms of their own, each under a third of the whole.
 */
export type Scope = 'outcomes' | 'everything';

/** Cells to open, and the width in children that each should span. */
export type Goal = { readonly targets: Iterable<CellId>; readonly width: number; readonly scope: Scope };

/** An outcome that may be printed without its companion is taken by nobody for one that may not. */
const floorOf = ({ id, status }: Cell, policy: ProtectionPolicy, alone: ReadonlySet<CellId>): number =>
  alone.has(id) ? farFromNone(policy) : Number(isNeverWithheldAtZero(status, policy));

/** A zero that is always printed stays where it is, and so does what is public already. */
const movableCells = ({ candidate, policy, alreadyPublic }: Protection): readonly Movable[] => {
  const together = companions(candidate, policy);
  const alone = loneOutcomes(candidate, policy);
  return [...candidate.cells.values()]
    .map((cell) => ({
      ...cell,
      floor: floorOf(cell, policy, alone),
      loss: lossOf(cell),
      companion: together.get(cell.id),
    }))
    .filter(({ id, count, floor }) => count >= floor && !alreadyPublic.has(id));
};

/** Smallest first: their ways around are the narrowest, and often widen larger targets on the way. */
const inOrder = (targets: Iterable<CellId>, { cells }: Candidate): readonly CellId[] => {
  const count = (id: CellId): number => cells.get(id)?.count ?? 0;
  return [...targets].sort((a, b) => count(a) - count(b) || byName(a, b));
};

/** The pattern so far, and how far each cell has been seen to move from the truth under it. */
type Draft = {
  readonly withheld: Set<CellId>;
  readonly lowest: Map<CellId, number>;
  readonly highest: Map<CellId, number>;
  readonly shifts: Shift[];
};

/** By how many children some cells of a table that adds up differ from the truth, each by a whole number. */
export type Shift = ReadonlyMap<CellId, number>;

/** The two tables of a perturbation, where they are of whole numbers. */
const shiftsOf = ({ moves }: Perturbation, cells: readonly Movable[]): readonly Shift[] =>
  (['raised', 'lowered'] as const).flatMap((table) => {
    const moved = moves.filter((move) => move[table] !== 0);
    if (!moved.every((move) => Number.isInteger(move[table]))) return [];
    return [new Map(moved.map((move) => [cells[move.at]?.id ?? '', move[table]]))];
  });

const seenWidth = ({ lowest, highest }: Draft, cell: CellId): number =>
  (highest.get(cell) ?? 0) - (lowest.get(cell) ?? 0);

/** A cell that moves cannot be printed, nor can its companion. Returns those that are withheld from now on. */
const take = (
  { withheld, lowest, highest, shifts }: Draft,
  cells: readonly Movable[],
  perturbation: Perturbation,
): readonly CellId[] => {
  const { moves } = perturbation;
  shifts.push(...shiftsOf(perturbation, cells));
  const anew: CellId[] = [];
  const withhold = (id: CellId): void => {
    if (!withheld.has(id)) anew.push(id);
    withheld.add(id);
  };
  for (const { at, raised, lowered } of moves) {
    const cell = cells[at];
    if (cell === undefined) continue;
    const { id, companion } = cell;
    withhold(id);
    if (companion !== undefined) withhold(companion);
    lowest.set(id, Math.min(lowest.get(id) ?? 0, raised, lowered));
    highest.set(id, Math.max(highest.get(id) ?? 0, raised, lowered));
  }
  return anew;
};

/** Rooms that no equation connects, and that can so be searched one by one. */
const roomsOf = (
  cells: readonly Movable[],
  equations: readonly Equation[],
  width: number,
): readonly Room<Movable>[] => {
  const position = new Map(cells.map(({ id }, at) => [id, at]));
  const rows = equations.map(({ terms }) => ({
    terms: terms.flatMap(([cell, factor]) => {
      const at = position.get(cell);
      return at === undefined ? [] : [[at, factor] as const];
    }),
  }));
  return partsOf(cells.length, rows).map((part) => ({
    cells: part.positions.flatMap((at) => cells[at] ?? []),
    rows: part.rows,
    width,
  }));
};

/** Rooms of more cells than this are searched block by block first: a program over all costs as much as its cells. */
const LARGE_ROOM = 1500;
const LEVELS_IN_BLOCK = 24;

type Place = readonly (readonly [dim: string, level: string])[];
const placeOf = ({ id }: Movable): Place =>
  (JSON.parse(id) as readonly unknown[]).filter((each) => Array.isArray(each)) as unknown as Place;

/**
 * A large room in blocks of some levels of its longest dimension, such as schools: within a block the cells of these
 * levels may move, and no total over the dimension does. What is open within a block is open in the room; what is not
 * is left for the room as a whole.
 */
const blocksOf = (room: Room<Movable>): readonly Room<Movable>[] => {
  if (room.cells.length <= LARGE_ROOM) return [];
  const places = room.cells.map((cell) => new Map(placeOf(cell)));
  const dims = [...new Set(places.flatMap((place) => [...place.keys()]))].sort(byName);
  const levelsOf = (dim: string) =>
    [...new Set(places.flatMap((place) => place.get(dim) ?? []))].sort(byName);
  const [longest] = dims
    .map((dim) => ({ dim, levels: levelsOf(dim) }))
    .sort((a, b) => b.levels.length - a.levels.length);
  if (longest === undefined) return [];
  const blockOf = new Map(longest.levels.map((level, at) => [level, Math.floor(at / LEVELS_IN_BLOCK)]));
  const blocks = new Map<number, number[]>();
  for (const [at, place] of places.entries()) {
    const block = blockOf.get(place.get(longest.dim) ?? '');
    if (block !== undefined) blocks.set(block, [...(blocks.get(block) ?? []), at]);
  }
  return [...blocks.values()].map((members) => {
    const place = new Map(members.map((at, own) => [at, own]));
    const rows = room.rows.map(({ terms }) => ({
      terms: terms.flatMap(([at, factor]) => {
        const own = place.get(at);
        return own === undefined ? [] : [[own, factor] as const];
      }),
    }));
    return {
      cells: members.flatMap((at) => room.cells[at] ?? []),
      rows: rows.filter(({ terms }) => terms.length > 0),
      width: room.width,
    };
  });
};

/** Opens the targets that can be opened within a room, in their order. */
const openWithin = (
  solver: Solver,
  room: Room<Movable>,
  { targets, draft }: { targets: readonly CellId[]; draft: Draft },
): void => {
  const place = new Map(room.cells.map(({ id }, at) => [id, at]));
  const isOpen = (cell: CellId): boolean => seenWidth(draft, cell) >= room.width;
  if (targets.every((cell) => isOpen(cell) || !place.has(cell))) return;
  withPerturber(solver, room, (perturber) => {
    for (const [at, { id, loss }] of room.cells.entries())
      perturber.setLoss(at, draft.withheld.has(id) ? WITHHELD_LOSS : loss);
    for (const target of targets) {
      const at = place.get(target);
      const perturbation = at === undefined || isOpen(target) ? null : perturber.widen(at);
      if (perturbation === null) continue;
      for (const id of take(draft, room.cells, perturbation)) {
        const cell = place.get(id);
        if (cell !== undefined) perturber.setLoss(cell, WITHHELD_LOSS);
      }
    }
  });
};

const inScope = (cells: readonly Movable[], scope: Scope): readonly Movable[] =>
  scope === 'everything' ? cells : cells.filter(({ status, depth }) => status !== 'all' && depth > 0);

export type Complement = {
  /** Cells to withhold beside those withheld already. */
  readonly cells: ReadonlySet<CellId>;
  /** Tables that agree with the truth on everything that is printed then. */
  readonly shifts: readonly Shift[];
};

/**
 * Cells to withhold beside those withheld already, so that every target spans the width. Targets that cannot be
 * opened are left; the audit will name them.
 */
export const complementaryCells = (
  protection: Protection,
  withheld: ReadonlySet<CellId>,
  goal: Goal,
): Complement => {
  const { candidate, solver } = protection;
  const draft: Draft = { withheld: new Set(withheld), lowest: new Map(), highest: new Map(), shifts: [] };
  const targets = inOrder(goal.targets, candidate);
  const cells = inScope(movableCells(protection), goal.scope);
  for (const room of roomsOf(cells, candidate.structure.equations, goal.width)) {
    for (const part of [...blocksOf(room), room]) openWithin(solver, part, { targets, draft });
  }
  return {
    cells: new Set([...draft.withheld].filter((cell) => !withheld.has(cell))),
    shifts: draft.shifts,
  };
};
