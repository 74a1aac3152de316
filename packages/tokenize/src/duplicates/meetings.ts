import type { SealingPass, SlotPart } from '@throughline/agreement';
import { type Identifiers, partOf } from '../tok1/parts.js';
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

/** Values of a pass as whole numbers, equal where the values are; NO_VALUE where a record has none. */
export type PassValues = { readonly left: Int32Array; readonly right: Int32Array };
export const NO_VALUE = -1;

export type ClearMeeting = { readonly passes: readonly SealingPass[]; readonly elapsed: Elapsed };

type ClearFile = { readonly rows: readonly Identifiers[]; readonly records: ClearRecords };

/** Files in the clear: two records meet where they have the same value of a pass, unique or not. */
export function meetClear(left: ClearFile, right: ClearFile, { passes, elapsed }: ClearMeeting): Meetings {
  const numbers = passNumbers([...left.rows, ...right.rows], passes);
  const values = (pass: number): PassValues => {
    const of = numbers(pass);
    return { left: of.subarray(0, left.rows.length), right: of.subarray(left.rows.length) };
  };
  return gatherMeetings({ names: passes.map(({ name }) => name), values, elapsed }, ({ one, two }) =>
    left.records.fields(one, right.records, two),
  );
}

/** Records of one file that some pass brings together, each pair once, the earlier record first. */
export type OwnMeetings = Pick<Meetings, 'a' | 'b' | 'fields'>;

/**
 * A file in the clear with itself.
 *
 * @param before for each record a number that those of one person had last time, or NO_VALUE: they are compared again,
 *   whether or not a pass still brings them together.
 */
export function meetOwn(
  { rows, records }: ClearFile,
  passes: readonly SealingPass[],
  before: Int32Array | undefined,
): OwnMeetings {
  const numbers = passNumbers(rows, passes);
  const met = pairList();
  const shared = new Map<string, Uint8Array>();
  const fields: Uint8Array[] = [];
  const meet = (of: Int32Array): void => {
    const holders = holdersOf(of);
    for (let value = 0; value < holders.values; value += 1) {
      const held = holders.of(value);
      if (held.length ** 2 > LARGEST_BLOCK) continue;
      for (let place = 0; place < held.length; place += 1) {
        for (let other = place + 1; other < held.length; other += 1) {
          const [one, two] = [held[place] ?? 0, held[other] ?? 0];
          if (met.placeOf(one, two) === fields.length)
            fields.push(same(shared, records.fields(one, records, two)));
        }
      }
    }
  };
  for (const pass of passes.keys()) meet(numbers(pass));
  if (before !== undefined) meet(before);
  return { ...met.columns(), fields };
}

/** The values of passes as numbers: parts are numbered once, and a pass by the numbers of its parts. */
function passNumbers(
  rows: readonly Identifiers[],
  passes: readonly SealingPass[],
): (pass: number) => Int32Array {
  const known = new Map<SlotPart, Int32Array>();
  const numbersOf = (part: SlotPart): Int32Array => {
    const numbers = known.get(part) ?? partNumbers(rows, part);
    known.set(part, numbers);
    return numbers;
  };
  return (pass) => {
    const [first, ...others] = (passes[pass]?.parts ?? []).map(numbersOf);
    return others.reduce(paired, first ?? new Int32Array(rows.length).fill(NO_VALUE));
  };
}

function partNumbers(rows: readonly Identifiers[], part: SlotPart): Int32Array {
  const numbers = new Map<string, number>();
  return Int32Array.from(rows, (row) => {
    const values = partOf(part, row)[0];
    return values === undefined ? NO_VALUE : numberIn(numbers, values.join('\0'));
  });
}

/** A number for each two numbers, in the order in which they first occur. */
function paired(left: Int32Array, right: Int32Array): Int32Array {
  const numbers = new Map<number, number>();
  return left.map((one, place) => {
    const other = right[place] ?? NO_VALUE;
    return one === NO_VALUE || other === NO_VALUE ? NO_VALUE : numberIn(numbers, one * 2 ** 26 + other);
  });
}

function numberIn<Key>(numbers: Map<Key, number>, key: Key): number {
  const number = numbers.get(key) ?? numbers.size;
  numbers.set(key, number);
  return number;
}

/** A value that more pairs of records share says nothing, and comparing them all would take the square. */
const LARGEST_BLOCK = 400;

type Passes = {
  readonly names: readonly string[];
  readonly values: (pass: number) => PassValues;
  readonly elapsed: Elapsed;
};

/** Pairs of records that have the same value of a pass, pass by pass, each compared once. */
export function gatherMeetings(
  { names, values, elapsed }: Passes,
  compare: (met: Met) => Uint8Array,
): Meetings {
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
  for (const number of numbers) if (number !== NO_VALUE) starts[number + 1] = (starts[number + 1] ?? 0) + 1;
  for (let value = 0; value < values; value += 1)
    starts[value + 1] = (starts[value + 1] ?? 0) + (starts[value] ?? 0);
  const records = new Int32Array(starts[values] ?? 0);
  const next = starts.slice();
  for (let record = 0; record < numbers.length; record += 1) {
    const number = numbers[record] ?? NO_VALUE;
    if (number === NO_VALUE) continue;
    records[next[number] ?? 0] = record;
    next[number] = (next[number] ?? 0) + 1;
  }
  return { values, of: (value: number) => records.subarray(starts[value], starts[value + 1]) };
}
