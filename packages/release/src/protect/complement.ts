import type { Candidate, Cell, CellId, Equation } from '../candidate/cell.js';
import { byName } from '../candidate/cell.js';
import { partsOf } from '../linear/parts.js';
import type { Solver } from '../linear/program.js';
import { lossOf, WITHHELD_LOSS } from './loss.js';
import { type Perturbation, type Perturber, type Room, withPerturber } from './perturbation.js';
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
};

const seenWidth = ({ lowest, highest }: Draft, cell: CellId): number =>
  (highest.get(cell) ?? 0) - (lowest.get(cell) ?? 0);

/** A cell that moves cannot be printed, nor can its companion. */
const take = (
  { withheld, lowest, highest }: Draft,
  cells: readonly Movable[],
  { raised, lowered }: Perturbation,
): void => {
  for (const [at, { id, companion }] of cells.entries()) {
    const [up, down] = [raised[at] ?? 0, lowered[at] ?? 0];
    if (up === 0 && down === 0) continue;
    withheld.add(id);
    if (companion !== undefined) withheld.add(companion);
    lowest.set(id, Math.min(lowest.get(id) ?? 0, up, down));
    highest.set(id, Math.max(highest.get(id) ?? 0, up, down));
  }
};

const price = (perturber: Perturber, cells: readonly Movable[], withheld: ReadonlySet<CellId>): void => {
  for (const [at, { id, loss }] of cells.entries())
    perturber.setLoss(at, withheld.has(id) ? WITHHELD_LOSS : loss);
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
    price(perturber, room.cells, draft.withheld);
    for (const target of targets) {
      const at = place.get(target);
      const perturbation = at === undefined || isOpen(target) ? null : perturber.widen(at);
      if (perturbation === null) continue;
      take(draft, room.cells, perturbation);
      price(perturber, room.cells, draft.withheld);
    }
  });
};

const inScope = (cells: readonly Movable[], scope: Scope): readonly Movable[] =>
  scope === 'everything' ? cells : cells.filter(({ status, depth }) => status !== 'all' && depth > 0);

/**
 * Cells to withhold beside those withheld already, so that every target spans the width. Targets that cannot be
 * opened are left; the audit will name them.
 */
export const complementaryCells = (
  protection: Protection,
  withheld: ReadonlySet<CellId>,
  goal: Goal,
): ReadonlySet<CellId> => {
  const { candidate, solver } = protection;
  const draft: Draft = { withheld: new Set(withheld), lowest: new Map(), highest: new Map() };
  const targets = inOrder(goal.targets, candidate);
  const cells = inScope(movableCells(protection), goal.scope);
  for (const room of roomsOf(cells, candidate.structure.equations, goal.width)) {
    openWithin(solver, room, { targets, draft });
  }
  return new Set([...draft.withheld].filter((cell) => !withheld.has(cell)));
};
