import { type ReadOnlyDatabase, type Shown, sql } from '@throughline/engine';

export type ColumnInfo = { readonly name: string; readonly type: string; readonly words: string };

/** A table of a release, as its DuckDB file describes it. */
export type TableInfo = {
  readonly name: string;
  readonly words: string;
  readonly rows: number;
  readonly columns: readonly ColumnInfo[];
};

/** The catalogue is small; ten seconds are for a slow disk. */
const CATALOGUE = { rows: 10_000, ms: 10_000 };

const text = (value: Shown | undefined): string =>
  value === null || value === undefined ? '' : String(value);

/** The tables of a database with their comments, in order of name. @throws ThroughlineError DATABASE_FAILED */
export async function tablesOf(database: ReadOnlyDatabase): Promise<readonly TableInfo[]> {
  const tables = await database.answer(
    sql`SELECT table_name, comment, estimated_size FROM duckdb_tables() WHERE NOT internal ORDER BY 1`,
    CATALOGUE,
  );
  const columns = await database.answer(
    sql`SELECT table_name, column_name, data_type, comment FROM duckdb_columns() WHERE NOT internal ORDER BY 1, column_index`,
    CATALOGUE,
  );
  return tables.rows.map(([name, words, rows]) => ({
    name: text(name),
    words: text(words),
    rows: Number(rows),
    columns: columns.rows
      .filter(([table]) => table === name)
      .map(([, column, type, note]) => ({ name: text(column), type: text(type), words: text(note) })),
  }));
}
