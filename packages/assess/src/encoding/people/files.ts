import type { Identifiers } from '@throughline/tokenize';
import { type Chance, drawWithout } from './chance.js';
import { withErrors } from './errors.js';

/** Everybody whom an attacker may think of: true identifiers, and what a child is called where that is known. */
export type Roll = {
  readonly rows: readonly Identifiers[];
  readonly nicknames: readonly (string | null)[];
};

/** A partner's file. Row i is of child `child[i]` of the roll; its order says nothing. */
export type PartnerFile = {
  readonly child: Int32Array;
  readonly rows: readonly Identifiers[];
  /** Record ids in order. */
  readonly records: readonly string[];
};

export type Drawing = {
  readonly files: number;
  /** Children in each file. */
  readonly size: number;
  readonly chance: Chance;
};

/**
 * Partner files, each drawn from the whole roll on its own, so that any two overlap by about size / roll. Every
 * partner makes errors of its own.
 */
export function drawFiles(roll: Roll, { files, size, chance }: Drawing): PartnerFile[] {
  return Array.from({ length: files }, (_, file) => {
    const child = drawWithout(chance, roll.rows.length, Math.min(size, roll.rows.length));
    const rows = Array.from(child, (each) => withErrors(roll, each, chance));
    const records = rows.map((_, at) => recordId(file, at));
    return { child, rows, records };
  });
}

/** As text, in the order of the rows. */
const recordId = (file: number, row: number): string =>
  `${String(file).padStart(8, '0')}-0000-4000-8000-${row.toString(16).padStart(12, '0')}`;

/** How many children a roll must have for files of a size to overlap by so much. */
export const rollSize = (size: number, overlap: number): number => Math.round(size / overlap);
