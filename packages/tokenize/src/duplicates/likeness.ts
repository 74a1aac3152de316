import type { ExactPart } from '@throughline/agreement';
import { bitsApart, levelOf } from '@throughline/core';
import { comparing, type Draw, FIELD_DIFFERS, FIELD_EQUAL, type OwnPairs } from '@throughline/model';
import type { BigramTable } from '../seal1/bigrams.js';
import { type Identifiers, partOf } from '../tok1/parts.js';
import type { ComparedFields } from './fields.js';

/** An owner's records in the clear, ready to be compared with one another. */
export type ClearRecords = {
  readonly count: number;
  /** Levels of the fields of two records, similar ones first, as their slots would show them. */
  readonly fields: (one: number, other: ClearRecords, two: number) => Uint8Array;
  readonly vector: (field: number, record: number) => Int32Array | undefined;
  readonly code: (field: number, record: number) => number | undefined;
};

/** What all files that are compared share: how names are made vectors, and a number for each value of a field. */
export type Codes = {
  readonly vectorOf: (name: string) => Int32Array;
  readonly numberOf: (part: ExactPart, value: string) => number;
};

export function clearCodes(table: BigramTable): Codes {
  const numbers = new Map<ExactPart, Map<string, number>>();
  return {
    vectorOf: (name) => {
      const vector = new Int32Array(VECTOR_WORDS);
      for (const position of table.positions(name)) {
        vector[position >> 5] = (vector[position >> 5] ?? 0) | (1 << (position & 31));
      }
      return vector;
    },
    numberOf: (part, value) => {
      const of = numbers.get(part) ?? new Map<string, number>();
      numbers.set(part, of);
      const number = of.get(value) ?? of.size;
      of.set(value, number);
      return number;
    },
  };
}
const VECTOR_WORDS = 8;

export function clearRecords(
  rows: readonly Identifiers[],
  { similar, exact }: ComparedFields,
  { vectorOf, numberOf }: Codes,
): ClearRecords {
  const vectors = similar.map((part) =>
    remembered(rows, (row) => {
      const value = partOf(part, row)[0]?.[0];
      return value === undefined ? undefined : vectorOf(value);
    }),
  );
  const codes = exact.map((part) =>
    remembered(rows, (row) => {
      const value = textOf(row, part);
      return value === undefined ? undefined : numberOf(part, value);
    }),
  );
  const records: ClearRecords = {
    count: rows.length,
    vector: (field, record) => vectors[field]?.(record),
    code: (field, record) => codes[field]?.(record),
    fields: (one, other, two) => {
      const levels = new Uint8Array(similar.length + exact.length);
      for (let field = 0; field < similar.length; field += 1) {
        const [a, b] = [records.vector(field, one), other.vector(field, two)];
        levels[field] = a === undefined || b === undefined ? FIELD_DIFFERS : levelOf(bitsApart(a, b));
      }
      for (let field = 0; field < exact.length; field += 1) {
        const [a, b] = [records.code(field, one), other.code(field, two)];
        levels[similar.length + field] =
          a === undefined || b === undefined ? FIELD_DIFFERS : a === b ? FIELD_EQUAL : FIELD_DIFFERS;
      }
      return levels;
    },
  };
  return records;
}

/** What is made of a row when it is first asked for: of a large file, few are. */
function remembered<Value>(
  rows: readonly Identifiers[],
  make: (row: Identifiers) => Value,
): (record: number) => Value | undefined {
  const known: (Value | undefined)[] = [];
  const made = new Uint8Array(rows.length);
  return (record) => {
    const row = rows[record];
    if (row === undefined || made[record] === 1) return known[record];
    made[record] = 1;
    known[record] = make(row);
    return known[record];
  };
}

function textOf(row: Identifiers, part: ExactPart): string | undefined {
  const values = partOf(part, row)[0];
  return values === undefined ? undefined : JSON.stringify(values);
}

const RANDOM_PAIRS = 200_000;
/** A household or a name and birth date that more have is no household and no pair of twins. */
const LARGEST_FAMILY = 30;

type Own = {
  readonly records: ClearRecords;
  readonly fields: ComparedFields;
  readonly rows: readonly Identifiers[];
  /** The local person of each record. */
  readonly persons: readonly number[];
  readonly draw: Draw;
};

/** What an owner counts among its own persons, one record of each: how alike different persons are. */
export function ownPairs({ records, fields, rows, persons, draw }: Own): OwnPairs {
  const { levelsOf } = comparing(fields);
  const representatives = [...new Map(persons.map((person, record) => [person, record])).values()];
  const count = representatives.length;
  const compare = (one: number, two: number) =>
    levelsOf(records.fields(representatives[one] ?? 0, records, representatives[two] ?? 0));
  const random = tally();
  for (let pair = 0; count > 1 && pair < RANDOM_PAIRS; pair += 1) {
    const one = draw(count);
    const two = draw(count);
    if (one !== two) random.add(compare(one, two));
  }
  const related = tally();
  for (const [one, two] of relatedPairs(representatives.map((record) => rows[record]))) {
    related.add(compare(one, two));
  }
  return { persons: count, random: random.counts(), related: related.counts() };
}

function tally() {
  const counts = new Map<string, { levels: Uint8Array; pairs: number }>();
  return {
    add: (levels: Uint8Array): void => {
      const key = String.fromCharCode(...levels);
      const known = counts.get(key);
      if (known === undefined) counts.set(key, { levels, pairs: 1 });
      else known.pairs += 1;
    },
    counts: () => [...counts.values()],
  };
}

const FAMILY: readonly (readonly ExactPart[])[] = [
  ['street_number', 'street'],
  ['phone'],
  ['guardian'],
  ['last', 'birth_date'],
];

function* relatedPairs(rows: readonly (Identifiers | undefined)[]): Generator<readonly [number, number]> {
  const seen = new Set<number>();
  for (const parts of FAMILY) {
    const families = new Map<string, number[]>();
    for (const [index, row] of rows.entries()) {
      const values = row === undefined ? [] : parts.map((part) => textOf(row, part));
      if (values.length === 0 || values.includes(undefined)) continue;
      const key = values.join();
      const family = families.get(key);
      if (family === undefined) families.set(key, [index]);
      else family.push(index);
    }
    for (const family of families.values()) {
      if (family.length < 2 || family.length > LARGEST_FAMILY) continue;
      for (const [place, one] of family.entries()) {
        for (const two of family.slice(place + 1)) {
          const pair = one * rows.length + two;
          if (seen.has(pair)) continue;
          seen.add(pair);
          yield [one, two];
        }
      }
    }
  }
}
