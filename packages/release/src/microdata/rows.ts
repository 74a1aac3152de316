import { type Column, lossesOf, requireHierarchy } from './hierarchies.js';

/** A row: its quasi-identifiers in the order of the columns, and what it tells about its person. */
export type Row = { readonly keys: readonly string[]; readonly sensitive: readonly string[] };

/** What a group of rows that look alike must be. */
export type Demand = {
  /** At least so many rows look alike. */
  readonly k: number;
  /** Among them each sensitive value differs in so many ways (distinct l-diversity); 1 asks for nothing. */
  readonly l: number;
};

/** Rows that are alike in everything, counted once: a search looks at them thousands of times. */
export type Kind = Row & { readonly count: number; readonly codes: Int32Array };

/** The kinds of rows with their values in code, so that a level is a look-up. */
export type Encoded = {
  readonly columns: readonly Column[];
  readonly kinds: readonly Kind[];
  readonly rows: number;
  /** By column, level and code: the code of the generalised value, and what is lost with it. */
  readonly general: readonly (readonly Int32Array[])[];
  readonly losses: readonly (readonly Float64Array[])[];
};

/** @throws RangeError naming a column that has no hierarchy for one of its values, never the value. */
export function encode(columns: readonly Column[], rows: readonly Row[]): Encoded {
  for (const column of columns) requireHierarchy(column);
  const places = columns.map(
    ({ hierarchy }) => new Map([...hierarchy.keys()].map((value, at) => [value, at])),
  );
  const kinds = new Map<string, { row: Row; count: number }>();
  for (const row of rows) {
    const key = JSON.stringify([row.keys, row.sensitive]);
    const known = kinds.get(key);
    if (known === undefined) kinds.set(key, { row, count: 1 });
    else known.count += 1;
  }
  return {
    columns,
    rows: rows.length,
    kinds: [...kinds.values()].map(({ row, count }) => ({
      ...row,
      count,
      codes: Int32Array.from(columns, (column, at) => codeOf(places[at], row.keys[at] ?? '', column.name)),
    })),
    general: columns.map(generalCodes),
    losses: columns.map(codedLosses),
  };
}

function codeOf(places: ReadonlyMap<string, number> | undefined, value: string, name: string): number {
  const code = places?.get(value);
  if (code === undefined) throw new RangeError(`${name} must have a hierarchy for every value`);
  return code;
}

const levelsOf = ({ hierarchy }: Column): number[] =>
  Array.from(
    { length: Math.max(...[...hierarchy.values()].map(({ length }) => length), 1) },
    (_, level) => level,
  );

function generalCodes(column: Column): readonly Int32Array[] {
  return levelsOf(column).map((level) => {
    const codes = new Map<string, number>();
    return Int32Array.from([...column.hierarchy.values()], (steps) => {
      const value = steps[level] ?? '';
      const code = codes.get(value) ?? codes.size;
      codes.set(value, code);
      return code;
    });
  });
}

function codedLosses(column: Column): readonly Float64Array[] {
  const losses = lossesOf(column);
  return levelsOf(column).map((level) =>
    Float64Array.from([...column.hierarchy.keys()], (value) => losses.get(value)?.[level] ?? 0),
  );
}

/** A level for each column. */
export type Levels = readonly number[];

/** The kinds that look alike at these levels, as positions. */
export function classesAt(
  { kinds, general, columns }: Encoded,
  levels: Levels,
): readonly (readonly number[])[] {
  const tables = columns.map((_, at) => general[at]?.[levels[at] ?? 0] ?? new Int32Array());
  const classes = new Map<string, number[]>();
  for (const [at, { codes }] of kinds.entries()) {
    let key = '';
    for (const [column, table] of tables.entries()) key += `${table[codes[column] ?? 0]},`;
    const members = classes.get(key);
    if (members === undefined) classes.set(key, [at]);
    else members.push(at);
  }
  return [...classes.values()];
}

const sizeOf = ({ kinds }: Encoded, members: readonly number[]): number =>
  members.reduce((sum, at) => sum + (kinds[at]?.count ?? 0), 0);

/** Whether rows that look alike are enough, and differ enough in what they tell. */
export function isMet(encoded: Encoded, members: readonly number[], { k, l }: Demand): boolean {
  if (sizeOf(encoded, members) < k) return false;
  if (l <= 1) return true;
  const told = encoded.kinds[members[0] ?? 0]?.sensitive.length ?? 0;
  return Array.from({ length: told }, (_, column) => column).every(
    (column) => new Set(members.map((at) => encoded.kinds[at]?.sensitive[column])).size >= l,
  );
}

/** The rows that would have to be suppressed at these levels: those of classes that do not meet the demand. */
export const failingAt = (encoded: Encoded, levels: Levels, demand: Demand): readonly number[] =>
  classesAt(encoded, levels).flatMap((members) => (isMet(encoded, members, demand) ? [] : members));

export const rowsOf = sizeOf;

/** The mean loss over all cells of all rows at these levels, 0 to 1, if nothing is suppressed. */
export function generalisationLoss({ kinds, losses, columns, rows }: Encoded, levels: Levels): number {
  if (rows === 0 || columns.length === 0) return 0;
  let sum = 0;
  for (const { codes, count } of kinds)
    for (const [column, code] of codes.entries())
      sum += count * (losses[column]?.[levels[column] ?? 0]?.[code] ?? 0);
  return sum / (rows * columns.length);
}
