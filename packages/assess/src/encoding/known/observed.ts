import { inverted, type Lists, listAt, listsOf } from '../people/values.js';

/**
 * What whoever holds all files and no key sees of tokens: which rows share one. Rows are numbered through all files;
 * a column is a rule or a pass.
 */
export type Observed = {
  readonly rows: number;
  readonly columns: number;
  /** The file of each row. */
  readonly file: Uint8Array;
  /** Rows that share a token, two or more, in ascending order: group -> rows. */
  readonly groups: Lists;
  /** row -> groups. */
  readonly groupsOf: Lists;
  /** group -> column. */
  readonly column: Uint8Array;
  /** How two rows of a group compare, where the encoding lets them be compared; null for exact tokens. */
  readonly compare: Compare | null;
};

/** What is seen inside a block: a distance for each similar field, in bits, and whether each exact field is equal. */
export type Seen = { readonly distances: readonly number[]; readonly equal: readonly boolean[] };
export type Compare = (column: number, row: number, other: number) => Seen;

/** Groups rows by token as tokens come in, row by row. */
export type Grouping = {
  /** @param token anything that is equal for equal tokens. */
  readonly add: (column: number, row: number, token: number) => void;
  readonly done: (file: Uint8Array, compare: Compare | null) => Observed;
};

export function grouping(columns: number): Grouping {
  const seen = Array.from({ length: columns }, () => new Map<number, number | number[]>());
  return {
    add: (column, row, token) => {
      const tokens = seen[column];
      const found = tokens?.get(token);
      if (found === undefined) tokens?.set(token, row);
      else if (typeof found !== 'number') found.push(row);
      else if (found !== row) tokens?.set(token, [found, row]);
    },
    done: (file, compare) => {
      const shared = seen.flatMap((tokens, column) =>
        [...tokens.values()].flatMap((rows) => (typeof rows === 'number' ? [] : [{ column, rows }])),
      );
      const groups = listsOf(shared.map(({ rows }) => rows));
      const column = Uint8Array.from(shared, ({ column }) => column);
      const groupsOf = inverted(groups, file.length);
      return { rows: file.length, columns, file, groups, groupsOf, column, compare };
    },
  };
}

/** Calls with each row that shares a token with a row, and the column in which it does. */
export function eachMeeting(
  seen: Observed,
  row: number,
  meet: (other: number, column: number) => void,
): void {
  for (const group of listAt(seen.groupsOf, row)) {
    for (const other of listAt(seen.groups, group)) {
      if (other !== row) meet(other, seen.column[group] ?? 0);
    }
  }
}
