import type { ColumnBatch, Session, Sql } from '@throughline/engine';

const ROWS_A_BATCH = 100_000;

/** Reads integer columns into typed arrays, one a column, in the order of the statement. */
export async function readIntegers(
  session: Session,
  { step, select }: { readonly step: string; readonly select: Sql },
): Promise<readonly Int32Array[]> {
  const columns: number[][] = [];
  for await (const batch of session.columns(step, select)) {
    for (const [index, values] of batch.entries()) {
      const column = columns[index] ?? [];
      columns[index] = column;
      for (const value of values) column.push(Number(value));
    }
  }
  return columns.map((column) => Int32Array.from(column));
}

/** Typed arrays of one length as batches to append. */
export function* integerBatches(columns: readonly Int32Array[]): Generator<ColumnBatch> {
  const rows = columns[0]?.length ?? 0;
  for (let from = 0; from < rows; from += ROWS_A_BATCH) {
    yield columns.map((column) => [...column.subarray(from, from + ROWS_A_BATCH)]);
  }
}

export const NO_INTEGERS = new Int32Array(0);
