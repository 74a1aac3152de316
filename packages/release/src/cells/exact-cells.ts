import type { ReadArtifact, Row, Session } from '@throughline/engine';
import { sql } from '@throughline/engine';
import type { CountedTable, Level } from '../candidate/tables.js';

/** How a margin is written in tables of people; in the structure it is null. */
export const TOTAL = 'Total';

/** A table with the name that a release gives it. */
export type NamedTable = CountedTable & { readonly name: string };

/** The exact cells of a measures artifact as tables, in order of their names. */
export async function readExactTables(
  measures: ReadArtifact<'measures'>,
  session: Session,
): Promise<NamedTable[]> {
  const rows = await session.rows('exact cells', sql`SELECT * FROM ${measures.table('cells')} ORDER BY ALL`);
  const byName = new Map<string, Row[]>();
  for (const row of rows) {
    const name = String(row['table_name']);
    byName.set(name, [...(byName.get(name) ?? []), row]);
  }
  return [...byName].map(([name, members]) => tableOf(name, members));
}

function tableOf(name: string, rows: readonly Row[]): NamedTable {
  const first = rows[0] ?? {};
  const dims = ['dim_1', 'dim_2'].flatMap((column) =>
    typeof first[column] === 'string' ? [first[column]] : [],
  );
  return {
    name,
    measure: String(first['measure']),
    population: String(first['population']),
    dims,
    rows: rows.map((row) => ({
      levels: dims.map((_, index) => levelOf(row[`level_${index + 1}`])),
      yes: Number(row['yes']),
      no: Number(row['no']),
      unknown: Number(row['unknown']),
    })),
  };
}

const levelOf = (value: Row[string] | undefined): Level => (value === TOTAL ? null : String(value));
