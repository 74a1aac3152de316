/**
 * A candidate whose cells know which records they count. Two cells of different names that count the same records
 * are one number, in whatever table and under whatever label they are printed; what ties cells together is the
 * records that they share, so no hierarchy and no link between tables has to be declared.
 */

/** People as distinct combinations of values, in canonical order, with how many people each stands for. */
export type Microdata = {
  readonly columns: readonly string[];
  readonly combinations: readonly (readonly string[])[];
  readonly counts: readonly number[];
};

/**
 * A table of counts: the crossing of its margins. A margin is at its total or at a value of any one of its columns,
 * which are usually nested (town, district, state).
 */
export type Crossing = { readonly name: string; readonly cross: readonly (readonly string[])[] };

/** One margin of a row: a column and its value, or null for the total. */
export type MarginLevel = { readonly column: string; readonly value: string } | null;

/** A row of a table, and which set of records it counts. */
export type RecordRow = { readonly levels: readonly MarginLevel[]; readonly set: number };

export type RecordTable = { readonly name: string; readonly rows: readonly RecordRow[] };

/** A set of records: positions of atoms in ascending order, and how many people they are together. */
export type RecordSet = {
  readonly atoms: Int32Array;
  readonly count: number;
  /** How many cells of the release, told apart by their labels, print this number. */
  readonly cells: number;
};

/** `atoms`: the true count of each combination that a table can tell from the others. */
export type RecordCandidate = {
  readonly atoms: readonly number[];
  readonly sets: readonly RecordSet[];
  readonly tables: readonly RecordTable[];
};

/** The sum over a set in another table of the same atoms. */
export const sumOver = ({ atoms }: RecordSet, table: ArrayLike<number>): number => {
  let sum = 0;
  for (const atom of atoms) sum += table[atom] ?? 0;
  return sum;
};
