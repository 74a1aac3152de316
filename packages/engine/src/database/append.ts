import {
  BIGINT,
  BLOB,
  BOOLEAN,
  DOUBLE,
  DuckDBBlobValue,
  type DuckDBConnection,
  DuckDBDataChunk,
  type DuckDBType,
  type DuckDBValue,
  type DuckDBVector,
  INTEGER,
  VARCHAR,
} from '@duckdb/node-api';
import { type ColumnType, columnsOf, type TableSchema } from '@throughline/core';
import { ident, rendered, sql, sqlJoin, sqlType } from '../sql/sql.js';

/** Columns of equal length: `batch[column][row]`. */
export type ColumnBatch = readonly (readonly (string | number | boolean | null)[])[];

/** A column to be appended; of a BLOB column bytes, and of an INTEGER column without gaps perhaps a typed array. */
type AppendColumn = readonly (string | number | boolean | null | Uint8Array)[] | Int32Array;

export type AppendBatch = readonly AppendColumn[];

const ROWS_A_CHUNK = 2048;

/** How a column travels: UUID and DATE as text, cast afterwards by the database. */
const travelling: Readonly<Record<ColumnType, { readonly type: DuckDBType; readonly as: ColumnType }>> = {
  UUID: { type: VARCHAR, as: 'VARCHAR' },
  DATE: { type: VARCHAR, as: 'VARCHAR' },
  VARCHAR: { type: VARCHAR, as: 'VARCHAR' },
  BOOLEAN: { type: BOOLEAN, as: 'BOOLEAN' },
  INTEGER: { type: INTEGER, as: 'INTEGER' },
  BIGINT: { type: BIGINT, as: 'BIGINT' },
  DOUBLE: { type: DOUBLE, as: 'DOUBLE' },
  BLOB: { type: BLOB, as: 'BLOB' },
};

/** Whether columns of these types need no cast after they have travelled. */
export const travelsAsItself = (schema: TableSchema): boolean =>
  columnsOf(schema).every(({ type }) => travelling[type].as === type);

/** Fills a new table from columns. @returns the number of rows appended. */
export async function appendColumns(
  connection: DuckDBConnection,
  table: { readonly name: string; readonly schema: TableSchema },
  batches: Iterable<AppendBatch> | AsyncIterable<AppendBatch>,
): Promise<number> {
  const columns = columnsOf(table.schema);
  const declared = columns.map(({ name, type }) => sql`${ident(name)} ${sqlType(travelling[type].as)}`);
  await connection.run(
    rendered(sql`CREATE OR REPLACE TABLE ${ident(table.name)} (${sqlJoin(declared)})`).text,
  );
  const types = columns.map(({ type }) => travelling[type].type);
  const appender = await connection.createAppender(table.name);
  let appended = 0;
  for await (const batch of batches) {
    const rows = lengthOf(batch, columns.length);
    for (let from = 0; from < rows; from += ROWS_A_CHUNK) {
      const until = Math.min(from + ROWS_A_CHUNK, rows);
      const chunk = DuckDBDataChunk.create(types);
      chunk.rowCount = until - from;
      for (const [index, column] of batch.entries()) {
        const type = columns[index]?.type ?? 'VARCHAR';
        fill(chunk.getColumnVector(index), travelled(column, { from, until, type }));
      }
      appender.appendDataChunk(chunk);
    }
    appended += rows;
  }
  appender.closeSync();
  return appended;
}

/** @throws RangeError if columns differ, since cutting them would lose values without a word, or if there are others. */
function lengthOf(batch: AppendBatch, width: number): number {
  const rows = batch[0]?.length ?? 0;
  if (batch.length === width && batch.every((column) => column.length === rows)) return rows;
  throw new RangeError('append: columns of equal length expected');
}

type Part = { readonly from: number; readonly until: number; readonly type: ColumnType };

/** A part of a column, as the driver takes it. Numbers of a typed array are not copied into objects of their own. */
function travelled(column: AppendColumn, { from, until, type }: Part): ArrayLike<DuckDBValue> {
  if (column instanceof Int32Array) return column.subarray(from, until);
  return column.slice(from, until).map((value) => {
    if (value instanceof Uint8Array) return new DuckDBBlobValue(value);
    return type === 'BIGINT' && value !== null ? BigInt(value) : value;
  });
}

function fill(vector: DuckDBVector, values: ArrayLike<DuckDBValue>): void {
  for (let index = 0; index < values.length; index += 1) vector.setItem(index, values[index] ?? null);
  vector.flush();
}
