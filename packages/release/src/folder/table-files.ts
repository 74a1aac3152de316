import { join } from 'node:path';
import { formulaSafe } from '@throughline/core';
import type { OutputArtifact, Session } from '@throughline/engine';
import { ident, sql } from '@throughline/engine';
import { type ReleaseColumn, type ReleaseTable, type ReleaseTableName, releaseTables } from './columns.js';

type Value = string | number | null;
export type ReleaseRows = Readonly<Record<ReleaseTableName, readonly object[]>>;

/** Writes every table as CSV and Arrow IPC, and all of them as one DuckDB file, beside the Parquet tables. */
export async function writeTableFiles(
  output: OutputArtifact<'release'>,
  rows: ReleaseRows,
  session: Session,
): Promise<void> {
  for (const table of releaseTables) {
    const values = valuesOf(table, rows[table.name]);
    await output.file(`${table.name}.csv`, await csvOf(table.columns, values));
    await output.file(`${table.name}.arrow`, await arrowOf(table.columns, values));
  }
  await session.save('write release.duckdb', join(output.folder, 'release.duckdb'), releaseTables.map(saved));
  await output.written('release.duckdb');
}

const saved = ({ name, about, columns }: ReleaseTable) => ({
  name,
  select: sql`SELECT * FROM ${ident(`released_${name}`)}`,
  comment: about,
  columns: Object.fromEntries(columns.map((column) => [column.name, column.words])),
});

/** Column by column within each row, in the order of the columns. */
const valuesOf = ({ columns }: ReleaseTable, rows: readonly object[]): readonly (readonly Value[])[] =>
  rows.map((row) => columns.map(({ name }) => (row as Readonly<Record<string, Value>>)[name] ?? null));

/** A CSV file that no spreadsheet calculates: CRLF, and text that looks like a formula is text. */
export async function csvOf(
  columns: readonly Pick<ReleaseColumn, 'name'>[],
  rows: readonly (readonly Value[])[],
): Promise<string> {
  const { writeToString } = await import('fast-csv');
  return writeToString([columns.map(({ name }) => name), ...rows.map((row) => row.map(csvValue))], {
    rowDelimiter: '\r\n',
    includeEndRowDelimiter: true,
  });
}

const csvValue = (value: Value): string => (value === null ? '' : formulaSafe(String(value)));

/** The library is loaded when a release is written: most nights write none. */
async function arrowOf(
  columns: readonly ReleaseColumn[],
  rows: readonly (readonly Value[])[],
): Promise<Uint8Array> {
  const { Int64, Table, tableToIPC, Utf8, vectorFromArray } = await import('apache-arrow');
  const vectors = columns.map(({ name, type }, at) => {
    const values = rows.map((row) => row[at] ?? null);
    const vector =
      type === 'BIGINT'
        ? vectorFromArray(
            values.map((value) => (value === null ? null : BigInt(value))),
            new Int64(),
          )
        : vectorFromArray(
            values.map((value) => (value === null ? null : String(value))),
            new Utf8(),
          );
    return [name, vector] as const;
  });
  return tableToIPC(new Table(Object.fromEntries(vectors)), 'file');
}
