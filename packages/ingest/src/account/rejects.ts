import { ident, type Session, type Sql, sql, sqlJoin } from '@throughline/engine';
import type { PlannedExtract } from '../plan/plan.js';

/** The table `rejects`, for the owner to look the lines up: rows that cannot be used or trusted, and lines that are none. */
export const rejectsOf = (extracts: readonly PlannedExtract[]): Sql =>
  sqlJoin(
    extracts.map((extract) => linesOf(extract, ['rejected', 'quarantined'])),
    sql` UNION ALL `,
  );

/** Rows of some outcomes, and lines that never became rows: `extract`, `line`, `reason`. */
export const linesOf = (
  { name, tables }: PlannedExtract,
  outcomes: readonly ('rejected' | 'quarantined')[],
): Sql => sql`
  SELECT ${name} AS extract, line, reason FROM ${ident(tables.outcomes)}
  WHERE outcome IN (${sqlJoin(outcomes.map((outcome) => sql`${outcome}`))})
  UNION ALL SELECT ${name}, line, reason FROM ${ident(tables.rejected)}`;

/** The same as CSV, of one extract of which nothing is written: extract, line and reason. */
export async function rejectedLines(session: Session, extract: PlannedExtract): Promise<string> {
  const rows = await session.rows(
    `account for ${extract.name}`,
    sql`SELECT extract, line, reason FROM (${rejectsOf([extract])}) ORDER BY line, reason`,
  );
  const lines = rows.map(
    (row) => `${row['extract']},${row['line']},"${String(row['reason']).replaceAll('"', '""')}"`,
  );
  return `extract,line,reason\n${lines.map((line) => `${line}\n`).join('')}`;
}
