import type { ManifestField } from '@throughline/agreement';
import { ident, readCanonicalCsv, type Session, type Sql, sql, sqlJoin } from '@throughline/engine';
import type { PlannedExtract } from '../plan/plan.js';
import type { ReadTally } from '../read/rows.js';

/** Brings an extract's canonical file into the database. @returns the number of rows that are whole. */
export async function loadRows(session: Session, extract: PlannedExtract, path: string): Promise<number> {
  return session.make(`load ${extract.name}`, extract.tables.rows, rowsOf(extract, path));
}

function rowsOf({ layout, manifest }: PlannedExtract, path: string): Sql {
  const columns = layout.fields.map((field, index) => knownText(field, index, manifest.nulls));
  return sql`SELECT line, ${sqlJoin(columns)} FROM ${readCanonicalCsv(path, layout.fields.length)}`;
}

/** Null for the words that mean that nothing is known. */
function knownText({ nulls = [] }: ManifestField, index: number, common: readonly string[]): Sql {
  const column = ident(`c${index}`);
  const words = [...common, ...nulls].map((word) => word.trim()).filter((word) => word !== '');
  if (words.length === 0) return column;
  const list = sqlJoin(words.map((word) => sql`${word}`));
  return sql`CASE WHEN ${column} NOT IN (${list}) THEN ${column} END AS ${column}`;
}

/** Keeps the lines that never became rows. */
export async function loadRejected(
  session: Session,
  { name, tables }: PlannedExtract,
  { rejected }: ReadTally,
): Promise<number> {
  const schema = { line: 'BIGINT', reason: 'VARCHAR' } as const;
  const batch = [rejected.map(({ line }) => line), rejected.map(({ reason }) => reason)];
  return session.append(`load ${name}`, { name: tables.rejected, schema }, [batch]);
}
