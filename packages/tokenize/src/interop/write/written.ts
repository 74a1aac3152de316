import { safeName, ThroughlineError } from '@throughline/core';

/** A table in clear, as its owner has it. */
export type ClearTable = {
  readonly name: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
};

/** @throws ThroughlineError HEADER_MISSING_COLUMN */
export function placeOf({ name, header }: ClearTable, column: string): number {
  const place = header.indexOf(column);
  if (place >= 0) return place;
  throw new ThroughlineError('HEADER_MISSING_COLUMN', { extract: safeName(name), column: safeName(column) });
}

/** The record of each row. @throws ThroughlineError INTEROP_REFUSED with the row, counted from 1 below the header */
export function recordsOf(table: ClearTable, column: string, form: RegExp): string[] {
  const place = placeOf(table, column);
  const seen = new Set<string>();
  return table.rows.map((row, at) => {
    const record = row[place] ?? '';
    if (!form.test(record) || seen.has(record))
      throw refusedRow(table.name, at, 'a plain record id, and each once');
    seen.add(record);
    return record;
  });
}

export const refusedRow = (name: string, at: number, expected: string): ThroughlineError =>
  new ThroughlineError('INTEROP_REFUSED', { extract: safeName(name), row: at + 1, rule: safeName(expected) });
