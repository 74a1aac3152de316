import type { AppendBatch, Session, Sql } from '@throughline/engine';

const ROWS_A_BATCH = 100_000;

/** Reads INTEGER columns into typed arrays, one a column, in the order of the statement; no array where there is no row. */
export async function readIntegers(
  session: Session,
  { step, select }: { readonly step: string; readonly select: Sql },
): Promise<readonly Int32Array[]> {
  const batches: (readonly Int32Array[])[] = [];
  for await (const batch of session.integers(step, select)) batches.push(batch);
  return (batches[0] ?? []).map((_, column) => joined(batches.map((batch) => batch[column] ?? NO_INTEGERS)));
}

function joined(parts: readonly Int32Array[]): Int32Array {
  const all = new Int32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Typed arrays of one length as batches to append. */
export function* integerBatches(columns: readonly Int32Array[]): Generator<AppendBatch> {
  const rows = columns[0]?.length ?? 0;
  for (let from = 0; from < rows; from += ROWS_A_BATCH) {
    yield columns.map((column) => column.subarray(from, from + ROWS_A_BATCH));
  }
}

export const NO_INTEGERS = new Int32Array(0);
