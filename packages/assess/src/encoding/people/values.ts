import type { RecordPart } from '@throughline/agreement';
import { type Identifiers, partOf } from '@throughline/tokenize';

/** What a token is made of: the parts of a rule or of a pass. */
export type Composite = readonly RecordPart[];

/** Lists laid end to end: list i is `items[starts[i] .. starts[i + 1])`. */
export type Lists = { readonly starts: Int32Array; readonly items: Int32Array };

const NOTHING = new Int32Array();

export const listAt = (lists: Lists | undefined, at: number): Int32Array =>
  lists === undefined || at < 0 || at + 1 >= lists.starts.length
    ? NOTHING
    : lists.items.subarray(lists.starts[at], lists.starts[at + 1]);

export function listsOf(lists: readonly (readonly number[])[]): Lists {
  const starts = new Int32Array(lists.length + 1);
  for (const [at, { length }] of lists.entries()) starts[at + 1] = (starts[at] ?? 0) + length;
  const items = new Int32Array(starts[lists.length] ?? 0);
  for (const [at, list] of lists.entries()) items.set(list, starts[at]);
  return { starts, items };
}

/** Lists of what points to each item below `size`, for the first `sources` lists. */
export function inverted({ starts, items }: Lists, size: number, sources = starts.length - 1): Lists {
  const used = items.subarray(0, starts[sources]);
  const ends = new Int32Array(size + 1);
  for (const item of used) ends[item + 1] = (ends[item + 1] ?? 0) + 1;
  for (let at = 0; at < size; at += 1) ends[at + 1] = (ends[at + 1] ?? 0) + (ends[at] ?? 0);
  const next = ends.slice();
  const pointing = new Int32Array(used.length);
  for (let source = 0; source < sources; source += 1) {
    for (let at = starts[source] ?? 0; at < (starts[source + 1] ?? 0); at += 1) {
      const item = items[at] ?? 0;
      pointing[next[item] ?? 0] = source;
      next[item] = (next[item] ?? 0) + 1;
    }
  }
  return { starts: ends, items: pointing };
}

/** Values of composites by number: equal values have equal numbers, whichever row they stand in. */
export type NumberedValues = {
  /** Composite -> row -> values: several where a part has alternatives, none where one is missing. */
  readonly of: readonly Lists[];
  /** Composite -> how many different values there are. */
  readonly sizes: readonly number[];
};

/** A text is numbered once; composites of numbers are numbered pair by pair. */
export function numberValues(composites: readonly Composite[], rows: readonly Identifiers[]): NumberedValues {
  const parts = numberParts([...new Set(composites.flat())], rows);
  const columns = composites.map((composite) => numberComposite(composite, parts, rows.length));
  return { of: columns.map(({ lists }) => lists), sizes: columns.map(({ size }) => size) };
}

/** The numbers of the values of parts, by row: one or none, and several for parts with alternatives. */
export type NumberedParts = ReadonlyMap<RecordPart, Lists>;

export function numberParts(parts: readonly RecordPart[], rows: readonly Identifiers[]): NumberedParts {
  return new Map(parts.map((part) => [part, numberPart(part, rows)]));
}

function numberPart(part: RecordPart, rows: readonly Identifiers[]): Lists {
  const numbers = new Map<string, number>();
  const starts = new Int32Array(rows.length + 1);
  const items: number[] = [];
  for (const [at, row] of rows.entries()) {
    for (const values of partOf(part, row)) {
      const text = values.length === 1 ? (values[0] ?? '') : values.join('\u0000');
      items.push(numberOf(numbers, text));
    }
    starts[at + 1] = items.length;
  }
  return { starts, items: Int32Array.from(items) };
}

function numberOf<Key>(numbers: Map<Key, number>, key: Key): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  numbers.set(key, numbers.size);
  return numbers.size - 1;
}

/** More than there are values: two numbers in one, below 2 ** 53. */
const PAIR = 2 ** 26;

function numberComposite(composite: Composite, parts: NumberedParts, rows: number) {
  const pairs = composite.map(() => new Map<number, number>());
  const columns = composite.map((part) => parts.get(part) ?? { starts: NOTHING, items: NOTHING });
  const starts = new Int32Array(rows + 1);
  const items: number[] = [];
  const add = (row: number, place: number, so: number): void => {
    const column = columns[place];
    if (column === undefined) {
      items.push(so);
      return;
    }
    for (let at = column.starts[row] ?? 0; at < (column.starts[row + 1] ?? 0); at += 1) {
      add(row, place + 1, numberOf(pairs[place] ?? new Map(), so * PAIR + (column.items[at] ?? 0)));
    }
  };
  for (let row = 0; row < rows; row += 1) {
    add(row, 0, 0);
    starts[row + 1] = items.length;
  }
  return { lists: { starts, items: Int32Array.from(items) }, size: pairs.at(-1)?.size ?? 0 };
}
