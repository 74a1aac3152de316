import type { TableSchema } from '@throughline/core';
import type { Sql } from '../sql/sql.js';
import type { AppendBatch, ColumnBatch } from './append.js';
import type { SavedTable } from './database-file.js';

/** A row of a small result; BIGINT comes as `number` (and must be a safe integer), DATE and UUID as text. */
export type Row = Readonly<Record<string, string | number | boolean | null>>;

/** A locked-down DuckDB in memory for one stage. Every failure is a code and a step, without DuckDB's words. */
export type Session = {
  /** Runs one statement. @returns the number of rows that it made or changed. */
  readonly run: (step: string, statement: Sql) => Promise<number>;
  /** Makes a table from a SELECT. @returns its number of rows. */
  readonly make: (step: string, table: string, select: Sql) => Promise<number>;
  /** All rows of a small result. */
  readonly rows: (step: string, statement: Sql) => Promise<readonly Row[]>;
  /** A large result, column by column, in batches of up to 2,048 rows; strings, numbers, booleans and null. */
  readonly columns: (step: string, statement: Sql) => AsyncGenerator<ColumnBatch>;
  /** A large result of INTEGER columns without null, column by column. */
  readonly integers: (step: string, statement: Sql) => AsyncGenerator<readonly Int32Array[]>;
  /** A large result of BLOB columns without null, column by column. */
  readonly blobs: (step: string, statement: Sql) => AsyncGenerator<readonly (readonly Uint8Array[])[]>;
  /** Makes a table and fills it from columns. */
  readonly append: (
    step: string,
    table: { readonly name: string; readonly schema: TableSchema },
    batches: Iterable<AppendBatch> | AsyncIterable<AppendBatch>,
  ) => Promise<number>;
  /** Writes tables into a new DuckDB file for others to read. */
  readonly save: (step: string, path: string, tables: readonly SavedTable[]) => Promise<void>;
  readonly close: () => void;
};

export type SessionLimits = {
  /** Folders that DuckDB may read and write; nothing else, and no network. */
  readonly folders: readonly string[];
  /** Where it may spill; emptied by the caller at start and end. */
  readonly spill: string;
  /** Such as `3GB`. */
  readonly memory: string;
  readonly threads: number;
};

/**
 * Opens DuckDB in memory with no extension loading, external access to the given folders only, and its
 * configuration locked. The library is loaded when the first one is opened: what reads no row does not wait for it.
 *
 * @throws ThroughlineError DATABASE_FAILED
 */
export const openSession = async (limits: SessionLimits): Promise<Session> =>
  (await import('./locked-session.js')).openLocked(limits);
