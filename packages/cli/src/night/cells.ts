import { type ReadArtifact, type Session, sql } from '@throughline/engine';

/** A table of a release: of which measure, how many cells it has, and how many of them are withheld. */
export type TableCells = {
  readonly measure: string;
  readonly name: string;
  readonly cells: number;
  readonly withheld: number;
};

/** The tables of a release, by name. */
export async function cellsOf(release: ReadArtifact<'release'>, session: Session): Promise<TableCells[]> {
  const rows = await session.rows(
    'tables',
    sql`SELECT measure, table_name, count(*) AS cells, count(*) FILTER (status <> 'published') AS withheld
        FROM ${release.table('cells')} GROUP BY measure, table_name ORDER BY table_name`,
  );
  return rows.map((row) => ({
    measure: String(row['measure']),
    name: String(row['table_name']),
    cells: Number(row['cells']),
    withheld: Number(row['withheld']),
  }));
}
