import type { Sealing } from '@throughline/agreement';
import { SLOT_TOKEN_BYTES, slotLevelsOf } from '@throughline/core';
import { type Identifiers, partOf, type SealedFile } from '@throughline/tokenize';
import type { ClearRecords } from './likeness.js';

/** Records of two sources that some pass brings together, and the levels of their fields. */
export type Meetings = {
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly fields: readonly Uint8Array[];
  /** How many pairs of records met by each pass, and how many by it first. */
  readonly passes: readonly { readonly pass: string; readonly pairs: number; readonly first: number }[];
};

type Met = { readonly one: number; readonly two: number; readonly pass: number };

/** Sealed files: two records meet where a token of one pass is equal. */
export function meetSealed(left: SealedFile, right: SealedFile, { passes }: Sealing): Meetings {
  const slot = (file: SealedFile, record: number, pass: number) => ({
    bytes: file.slots,
    at: (record * passes.length + pass) * file.layout.width,
  });
  const tokens = (file: SealedFile, pass: number): (string | undefined)[] =>
    Array.from({ length: file.slots.length / (passes.length * file.layout.width) }, (_, record) => {
      const { bytes, at } = slot(file, record, pass);
      return String.fromCharCode(...bytes.subarray(at, at + SLOT_TOKEN_BYTES));
    });
  return gathered(
    passes.map(({ name }, pass) => ({ name, left: tokens(left, pass), right: tokens(right, pass) })),
    ({ one, two, pass }) => slotLevelsOf(left.layout, slot(left, one, pass), slot(right, two, pass)),
  );
}

type ClearFile = { readonly rows: readonly Identifiers[]; readonly records: ClearRecords };

/** Files in the clear: two records meet where they have the same value of a pass, unique or not. */
export function meetClear(left: ClearFile, right: ClearFile, { passes }: Sealing): Meetings {
  const values = ({ rows }: ClearFile, pass: number): (string | undefined)[] =>
    rows.map((row) => {
      const parts = passes[pass]?.parts.map((part) => partOf(part, row)[0]) ?? [];
      return parts.includes(undefined) ? undefined : JSON.stringify(parts);
    });
  return gathered(
    passes.map(({ name }, pass) => ({ name, left: values(left, pass), right: values(right, pass) })),
    ({ one, two }) => left.records.fields(one, right.records, two, true),
  );
}

/** A value that more pairs of records share says nothing, and comparing them all would take the square. */
const LARGEST_BLOCK = 400;

type PassValues = {
  readonly name: string;
  readonly left: readonly (string | undefined)[];
  readonly right: readonly (string | undefined)[];
};

function gathered(values: readonly PassValues[], compare: (met: Met) => Uint8Array): Meetings {
  const seen = new Map<number, Met>();
  const passes = values.map(({ name, left, right }, pass) => {
    const holders = holdersOf(right);
    const [before, sizes] = [seen.size, holdersOf(left)];
    let pairs = 0;
    for (const [one, value] of left.entries()) {
      const met = value === undefined ? undefined : holders.get(value);
      if (met === undefined || met.length * (sizes.get(value ?? '')?.length ?? 0) > LARGEST_BLOCK) continue;
      for (const two of met) {
        pairs += 1;
        const key = one * right.length + two;
        if (!seen.has(key)) seen.set(key, { one, two, pass });
      }
    }
    return { pass: name, pairs, first: seen.size - before };
  });
  const all = [...seen.values()];
  return {
    a: Int32Array.from(all, ({ one }) => one),
    b: Int32Array.from(all, ({ two }) => two),
    fields: all.map(compare),
    passes,
  };
}

function holdersOf(values: readonly (string | undefined)[]): Map<string, number[]> {
  const holders = new Map<string, number[]>();
  for (const [record, value] of values.entries()) {
    if (value === undefined) continue;
    const known = holders.get(value);
    if (known === undefined) holders.set(value, [record]);
    else known.push(record);
  }
  return holders;
}
