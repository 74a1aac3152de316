import type { CellId } from '../candidate/cell.js';
import type { Bounds } from '../linear/program.js';

/**
 * What an attacker believes about withheld cells beyond that they count children. A cell without an entry is
 * believed to be 0 or more.
 */
export type AttackerModel = {
  readonly name: string;
  readonly beliefs: ReadonlyMap<CellId, Bounds>;
};

/** Knows the published cells and how they add up, nothing else. */
export const OUTSIDER: AttackerModel = { name: 'A0', beliefs: new Map() };
