import type { SlotLayout } from '@throughline/core';
import type { Identifiers } from '../tok1/parts.js';
import { type SealChoices, seal1 } from './seal1.js';
import { type TakenValues, valuesTaken } from './unique.js';
import { passValues } from './values.js';

/** A file of records, in the order of their ids, with the local person of each. */
export type ClearFile = {
  readonly records: readonly string[];
  readonly rows: readonly Identifiers[];
  readonly persons: readonly number[];
};

export type SealedFile = {
  readonly layout: SlotLayout;
  /** Slot (record, pass) begins at (record * passes + pass) * layout.width. */
  readonly slots: Uint8Array;
  /** 1 for each real slot, in the same order; whoever delivers keeps it to itself. */
  readonly real: Uint8Array;
  /** What is taken, pass by pass, to be kept to the end of the epoch. */
  readonly taken: readonly TakenValues[];
};

/**
 * Seals a whole file in memory: for those who attack the encoding or compare another implementation with it. The
 * stage does the same in batches.
 */
export function sealFile(
  choices: SealChoices,
  file: ClearFile,
  before: readonly TakenValues[] = [],
): SealedFile {
  const passes = choices.sealing.passes.length;
  const sealer = seal1(choices);
  const { records, rows, persons } = file;
  try {
    const values = fileValues(choices, rows);
    const taken = values.map((each, pass) =>
      valuesTaken({ values: each, records, persons }, before[pass] ?? new Map()),
    );
    const { layout } = sealer;
    const slots = new Uint8Array(rows.length * passes * layout.width);
    const real = new Uint8Array(rows.length * passes);
    for (const [index, row] of rows.entries()) {
      const record = records[index] ?? '';
      sealer.read(record, row);
      for (let pass = 0; pass < passes; pass += 1) {
        const value = values[pass]?.[index] ?? null;
        const mayBeReal = value !== null && taken[pass]?.get(value) === record;
        const slot = index * passes + pass;
        real[slot] = Number(sealer.seal(pass, mayBeReal, { bytes: slots, at: slot * layout.width }));
      }
    }
    return { layout, slots, real, taken };
  } finally {
    sealer.erase();
  }
}

/** The values of each pass, record by record. */
function fileValues({ sealing, own }: SealChoices, rows: readonly Identifiers[]): (string | null)[][] {
  const reader = passValues(sealing.passes, own);
  const values = sealing.passes.map((): (string | null)[] => []);
  for (const row of rows) {
    reader.read(row);
    for (const [pass, own] of values.entries()) {
      const value = reader.value(pass);
      own.push(value === undefined ? null : `${value.high} ${value.low}`);
    }
  }
  reader.erase();
  return values;
}
