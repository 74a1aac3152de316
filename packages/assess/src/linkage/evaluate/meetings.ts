import type { Sealing } from '@throughline/agreement';
import { SLOT_TOKEN_BYTES, slotLevelsOf } from '@throughline/core';
import { type Identifiers, partOf, type SealedFile } from '@throughline/tokenize';
import type { ClearRecords } from './likeness.js';
import { pairList } from './pair-list.js';

/** Records of two sources that some pass brings together, and the levels of their fields. */
export type Meetings = {
  readonly a: Int32Array;
  readonly b: Int32Array;
  /** By which passes each pair met, one bit each. */
  readonly by: readonly bigint[];
  /** Pairs whose fields have equal levels share one list. */
  readonly fields: readonly Uint8Array[];
  readonly passes: readonly PassYield[];
};

/**
 * How many pairs of records met by a pass, how many by it first and by no other; values that too many pairs share to
 * say anything; and milliseconds.
 */
export type PassYield = {
  readonly pass: string;
  readonly pairs: number;
  readonly first: number;
  readonly alone: number;
  readonly crowded: number;
  readonly ms: number;
};

/** Milliseconds since some moment. */
type Elapsed = () => number;

type Met = { readonly one: number; readonly two: number; readonly pass: number };

/** Values of a pass as whole numbers, equal where the values are; NONE where a record has none. */
type PassValues = { readonly left: Int32Array; readonly right: Int32Array };
const NONE = -1;

export type Meeting = { readonly sealing: Sealing; readonly elapsed: Elapsed };

/** Sealed files: two records meet where a token of one pass is equal. */
export function meetSealed(
  left: SealedFile,
  right: SealedFile,
  { sealing: { passes }, elapsed }: Meeting,
): Meetings {
  const width = left.layout.width;
  const slot = (file: SealedFile, record: number, pass: number) => ({
    bytes: file.slots,
    at: (record * passes.length + pass) * width,
  });
  const records = ({ slots }: SealedFile) => slots.length / (passes.length * width);
  const values = (pass: number): PassValues => {
    const numbers = tokenNumbers(records(left) + records(right));
    const of = (file: SealedFile) =>
      Int32Array.from({ length: records(file) }, (_, record) => numbers.of(slot(file, record, pass)));
    return { left: of(left), right: of(right) };
  };
  return gathered({ names: passes.map(({ name }) => name), values, elapsed }, ({ one, two, pass }) =>
    slotLevelsOf(left.layout, slot(left, one, pass), slot(right, two, pass)),
  );
}

type ClearFile = { readonly rows: readonly Identifiers[]; readonly records: ClearRecords };

/** Files in the clear: two records meet where they have the same value of a pass, unique or not. */
export function meetClear(
  left: ClearFile,
  right: ClearFile,
  { sealing: { passes }, elapsed }: Meeting,
): Meetings {
  const values = (pass: number): PassValues => {
    const numbers = new Map<string, number>();
    const of = ({ rows }: ClearFile) =>
      Int32Array.from(rows, (row) => {
        const parts = passes[pass]?.parts.map((part) => partOf(part, row)[0]) ?? [];
        if (parts.includes(undefined)) return NONE;
        const value = JSON.stringify(parts);
        const number = numbers.get(value) ?? numbers.size;
        numbers.set(value, number);
        return number;
      });
    return { left: of(left), right: of(right) };
  };
  return gathered({ names: passes.map(({ name }) => name), values, elapsed }, ({ one, two }) =>
    left.records.fields(one, right.records, two),
  );
}

/** Numbers tokens in the order in which they first occur, by open addressing over their bytes. */
function tokenNumbers(records: number) {
  const size = 2 ** Math.ceil(Math.log2(Math.max(8, records * 2)));
  const words = new Int32Array(size * TOKEN_WORDS);
  const numbers = new Int32Array(size).fill(NONE);
  let next = 0;
  return {
    of: ({ bytes, at }: { readonly bytes: Uint8Array; readonly at: number }): number => {
      const word = (index: number) =>
        (bytes[at + index * 4] ?? 0) |
        ((bytes[at + index * 4 + 1] ?? 0) << 8) |
        ((bytes[at + index * 4 + 2] ?? 0) << 16) |
        ((bytes[at + index * 4 + 3] ?? 0) << 24);
      const [a, b, c, d] = [word(0), word(1), word(2), word(3)];
      for (let place = a & (size - 1); ; place = (place + 1) & (size - 1)) {
        const start = place * TOKEN_WORDS;
        const number = numbers[place] ?? NONE;
        if (number === NONE) {
          words[start] = a;
          words[start + 1] = b;
          words[start + 2] = c;
          words[start + 3] = d;
          numbers[place] = next;
          next += 1;
          return next - 1;
        }
        if (words[start] === a && words[start + 1] === b && words[start + 2] === c && words[start + 3] === d)
          return number;
      }
    },
  };
}
const TOKEN_WORDS = SLOT_TOKEN_BYTES / 4;

/** A value that more pairs of records share says nothing, and comparing them all would take the square. */
const LARGEST_BLOCK = 400;

type Passes = {
  readonly names: readonly string[];
  readonly values: (pass: number) => PassValues;
  readonly elapsed: Elapsed;
};

function gathered({ names, values, elapsed }: Passes, compare: (met: Met) => Uint8Array): Meetings {
  const met = pairList();
  const shared = new Map<string, Uint8Array>();
  const fields: Uint8Array[] = [];
  const by: bigint[] = [];
  const passes = names.map((name, pass) => {
    const started = elapsed();
    const { left, right } = values(pass);
    const bit = 1n << BigInt(pass);
    const [lefts, rights] = [holdersOf(left), holdersOf(right)];
    const before = met.count();
    let [pairs, crowded] = [0, 0];
    for (let value = 0; value < Math.min(lefts.values, rights.values); value += 1) {
      const [ones, twos] = [lefts.of(value), rights.of(value)];
      if (ones.length * twos.length > LARGEST_BLOCK) {
        crowded += 1;
        continue;
      }
      for (const one of ones) {
        for (const two of twos) {
          pairs += 1;
          const place = met.placeOf(one, two);
          by[place] = (by[place] ?? 0n) | bit;
          if (place === fields.length) fields.push(same(shared, compare({ one, two, pass })));
        }
      }
    }
    return { pass: name, pairs, first: met.count() - before, crowded, ms: Math.round(elapsed() - started) };
  });
  const alone = (pass: number): number => by.filter((each) => each === 1n << BigInt(pass)).length;
  return {
    ...met.columns(),
    by,
    fields,
    passes: passes.map((each, pass) => ({ ...each, alone: alone(pass) })),
  };
}

/** Of equal lists the one that was there first, so that millions of pairs take little room. */
function same(known: Map<string, Uint8Array>, levels: Uint8Array): Uint8Array {
  const key = String.fromCharCode(...levels);
  const before = known.get(key);
  if (before !== undefined) return before;
  known.set(key, levels);
  return levels;
}

/** The records that have each value, by counting sort. */
function holdersOf(numbers: Int32Array) {
  let values = 0;
  for (const number of numbers) values = Math.max(values, number + 1);
  const starts = new Int32Array(values + 1);
  for (const number of numbers) if (number !== NONE) starts[number + 1] = (starts[number + 1] ?? 0) + 1;
  for (let value = 0; value < values; value += 1)
    starts[value + 1] = (starts[value + 1] ?? 0) + (starts[value] ?? 0);
  const records = new Int32Array(starts[values] ?? 0);
  const next = starts.slice();
  for (let record = 0; record < numbers.length; record += 1) {
    const number = numbers[record] ?? NONE;
    if (number === NONE) continue;
    records[next[number] ?? 0] = record;
    next[number] = (next[number] ?? 0) + 1;
  }
  return { values, of: (value: number) => records.subarray(starts[value], starts[value + 1]) };
}
