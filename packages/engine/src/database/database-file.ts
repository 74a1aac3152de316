import type { DuckDBConnection } from '@duckdb/node-api';
import { ident, rendered, type Sql, sql } from '../sql/sql.js';

/** A table of a DuckDB file, with comments that its readers see. */
export type SavedTable = {
  readonly name: string;
  readonly select: Sql;
  readonly comment: string;
  readonly columns: Readonly<Record<string, string>>;
};

/** Neither `ATTACH` nor `COMMENT` takes bound values, so these two places quote text themselves. */
const literal = (text: string): string => `'${text.replaceAll('\0', '').replaceAll("'", "''")}'`;

/** Writes tables into a new DuckDB file. Equal tables give equal bytes within one version of DuckDB. */
export async function saveTables(
  connection: DuckDBConnection,
  path: string,
  tables: readonly SavedTable[],
): Promise<void> {
  await connection.run(`ATTACH ${literal(path)} AS saved`);
  for (const { name, select, comment, columns } of tables) {
    const made = rendered(sql`CREATE TABLE saved.${ident(name)} AS SELECT * FROM (${select}) ORDER BY ALL`);
    await connection.run(made.text, [...made.values]);
    const table = `saved.${rendered(ident(name)).text}`;
    await connection.run(`COMMENT ON TABLE ${table} IS ${literal(comment)}`);
    for (const [column, words] of Object.entries(columns)) {
      await connection.run(`COMMENT ON COLUMN ${table}.${rendered(ident(column)).text} IS ${literal(words)}`);
    }
  }
  await connection.run('CHECKPOINT saved');
  await connection.run('DETACH saved');
}
