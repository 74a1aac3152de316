import type { Table } from '../attack/attack.js';
import type { Candidate, CellId } from '../candidate/cell.js';
import type { Shift } from './complement.js';

/** More tables than this cost the attack more than they save it. */
const MOST_TABLES = 400;

/** Shifts that move no cell in common are one: the first that has room takes each in. */
const packed = (shifts: readonly Shift[]): readonly Shift[] => {
  const packs: Map<CellId, number>[] = [];
  for (const shift of shifts) {
    const room = packs.find((pack) => ![...shift.keys()].some((cell) => pack.has(cell)));
    if (room === undefined) packs.push(new Map(shift));
    else for (const [cell, by] of shift) room.set(cell, by);
  }
  return packs.slice(0, MOST_TABLES);
};

/**
 * The truth and tables beside it that agree with everything printed, for an attack that checks each of them before it
 * believes it: a cell that two of them show to be wide needs no linear program.
 */
export const witnessesOf = ({ cells }: Candidate, shifts: readonly Shift[]): readonly Table[] => {
  const truth: Table = (cell) => cells.get(cell)?.count ?? 0;
  return [
    truth,
    ...packed(shifts).map(
      (shift): Table =>
        (cell) =>
          truth(cell) + (shift.get(cell) ?? 0),
    ),
  ];
};
