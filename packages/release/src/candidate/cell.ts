/**
 * The nouns that protection and attack share. A cell is one number; a structure is what everybody knows about how
 * the numbers add up. Neither says where it came from, so a structure over records or over earlier releases can
 * take the place of one derived from tables.
 */

/** Canonical name of one number: equal names are the same number, wherever it is printed. */
export type CellId = string;

export type Status = 'yes' | 'no' | 'unknown' | 'all';

/** `overlap`: children whom two measures count, never printed. */
export type CellStatus = Status | 'overlap';

/** One count of children. `depth` is how many dimensions are held at a level: 0 is the grand total. */
export type Cell = {
  readonly id: CellId;
  readonly status: CellStatus;
  readonly depth: number;
  readonly count: number;
};

/** The four counts of one group of children for one measure: `all` = `yes` + `no` + `unknown`. */
export type Group = { readonly [status in Status]: CellId };

/** factor x cell, summed over the terms, equals the constant. */
export type Equation = {
  readonly terms: readonly (readonly [cell: CellId, factor: number])[];
  readonly constant: number;
};

/** Every cell a reader knows to exist, published or not, and every equation a reader knows to hold. */
export type Structure = {
  readonly cells: readonly CellId[];
  readonly equations: readonly Equation[];
};

/** Cells and equations beside those of the tables themselves. */
export type Further = { readonly cells: readonly Cell[]; readonly equations: readonly Equation[] };

/** What might be released: exact counts, hence sensitive, in canonical order. */
export type Candidate = {
  readonly cells: ReadonlyMap<CellId, Cell>;
  readonly groups: readonly Group[];
  readonly structure: Structure;
};

/** Code-unit order: the same on every machine, unlike the order of a locale. */
export const byName = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
