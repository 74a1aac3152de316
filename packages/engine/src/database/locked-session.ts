import {
  DuckDBBlobValue,
  type DuckDBConnection,
  DuckDBInstance,
  type DuckDBValue,
  type DuckDBVector,
} from '@duckdb/node-api';
import { columnsOf, type TableSchema } from '@throughline/core';
import { ident, rendered, type Sql, type SqlValue, sql, sqlJoin, sqlType } from '../sql/sql.js';
import { appendColumns, travelsAsItself } from './append.js';
import { saveTables } from './database-file.js';
import { databaseFailure } from './failure.js';
import type { Row, Session, SessionLimits } from './session.js';

/** As `openSession` says. @throws ThroughlineError DATABASE_FAILED */
export async function openLocked(limits: SessionLimits): Promise<Session> {
  try {
    const instance = await DuckDBInstance.create(':memory:', {
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      allow_community_extensions: 'false',
    });
    const connection = await instance.connect();
    await lockDown(connection, limits);
    return sessionOver(instance, connection);
  } catch (thrown) {
    throw databaseFailure(thrown, 'open');
  }
}

async function lockDown(connection: DuckDBConnection, limits: SessionLimits): Promise<void> {
  const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
  const settings = [
    "SET lambda_syntax = 'DISABLE_SINGLE_ARROW'",
    `SET temp_directory = ${quoted(limits.spill)}`,
    `SET memory_limit = ${quoted(limits.memory)}`,
    `SET threads = ${limits.threads}`,
    "SET TimeZone = 'UTC'",
    // DuckDB 1.5.5's own compression leaves bytes of a .duckdb file undefined; the same table then has other bytes.
    "SET force_compression = 'uncompressed'",
    `SET allowed_directories = [${limits.folders.map((folder) => quoted(`${folder}/`)).join(', ')}]`,
    'SET enable_external_access = false',
    'SET lock_configuration = true',
  ];
  for (const setting of settings) await connection.run(setting);
}

function sessionOver(instance: DuckDBInstance, connection: DuckDBConnection): Session {
  const run = (step: string, statement: Sql) => guarded(step, () => execute(connection, statement));
  const make = async (step: string, table: string, select: Sql) => {
    const [made] = await rows(step, sql`CREATE OR REPLACE TABLE ${ident(table)} AS ${select}`);
    return Number(made?.['Count']);
  };
  const rows = (step: string, statement: Sql) => guarded(step, () => smallResult(connection, statement));
  return {
    run,
    make,
    rows,
    columns: (step, statement) => largeResult(instance, { step, statement, read: itemsOf(plain) }),
    integers: (step, statement) => largeResult(instance, { step, statement, read: integersOf }),
    blobs: (step, statement) => largeResult(instance, { step, statement, read: itemsOf(bytesOfBlob) }),
    append: async (step, table, batches) => {
      if (travelsAsItself(table.schema))
        return guarded(step, () => appendColumns(connection, table, batches));
      const staging = `${table.name}__staging`;
      const appended = await guarded(step, () =>
        appendColumns(connection, { ...table, name: staging }, batches),
      );
      const [from, to] = [ident(staging), ident(table.name)];
      await run(step, sql`CREATE OR REPLACE TABLE ${to} AS SELECT ${castColumns(table.schema)} FROM ${from}`);
      await run(step, sql`DROP TABLE ${from}`);
      return appended;
    },
    save: (step, path, tables) => guarded(step, () => saveTables(connection, path, tables)),
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

const castColumns = (schema: TableSchema): Sql =>
  sqlJoin(
    columnsOf(schema).map(
      ({ name, type }) => sql`CAST(${ident(name)} AS ${sqlType(type)}) AS ${ident(name)}`,
    ),
  );

async function guarded<T>(step: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw databaseFailure(thrown, step);
  }
}

const bound = (values: readonly SqlValue[]): DuckDBValue[] => [...values];

async function execute(connection: DuckDBConnection, statement: Sql): Promise<number> {
  const { text, values } = rendered(statement);
  const result = await connection.run(text, bound(values));
  return result.rowsChanged;
}

async function smallResult(connection: DuckDBConnection, statement: Sql): Promise<Row[]> {
  const { text, values } = rendered(statement);
  const reader = await connection.runAndReadAll(text, bound(values));
  const names = reader.deduplicatedColumnNames();
  // Row objects of the driver would lose a column named `__proto__`.
  return reader
    .getRowsJS()
    .map((row) => Object.fromEntries(row.map((value, index) => [names[index] ?? '', plain(value)])));
}

type LargeResult<Column> = {
  readonly step: string;
  readonly statement: Sql;
  readonly read: (vector: DuckDBVector) => Column;
};

const itemsOf =
  <Value>(read: (value: unknown) => Value) =>
  (vector: DuckDBVector): readonly Value[] =>
    Array.from({ length: vector.itemCount }, (_, row) => read(vector.getItem(row)));

/** Numbers of a typed array are no objects of their own: a result of millions takes four bytes each. */
function integersOf(vector: DuckDBVector): Int32Array {
  const integers = new Int32Array(vector.itemCount);
  for (let row = 0; row < integers.length; row += 1) {
    const value: unknown = vector.getItem(row);
    if (typeof value !== 'number') throw new RangeError('session: an INTEGER without null expected');
    integers[row] = value;
  }
  return integers;
}

/**
 * Streams on a connection of its own: another query on the same connection would end the stream early without
 * an error.
 */
async function* largeResult<Column extends { readonly length: number }>(
  instance: DuckDBInstance,
  { step, statement, read }: LargeResult<Column>,
): AsyncGenerator<readonly Column[]> {
  const connection = await instance.connect();
  try {
    const { text, values } = rendered(statement);
    const result = await guarded(step, () => connection.stream(text, bound(values)));
    for (;;) {
      const batch = await guarded(step, async () => {
        const chunk = await result.fetchChunk();
        if (chunk === null || chunk === undefined) return [];
        return Array.from({ length: chunk.columnCount }, (_, column) => read(chunk.getColumnVector(column)));
      });
      if (batch[0] === undefined || batch[0].length === 0) return;
      yield batch;
    }
  } finally {
    connection.closeSync();
  }
}

function plain(value: unknown): string | number | boolean | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return safeInteger(value);
  if (value instanceof Date) return value.toISOString().split('T')[0] ?? '';
  return String(value);
}

function bytesOfBlob(value: unknown): Uint8Array {
  if (value instanceof DuckDBBlobValue) return value.bytes;
  throw new RangeError('session: a BLOB without null expected');
}

function safeInteger(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RangeError('session: an integer below 2^53 expected');
  return number;
}
