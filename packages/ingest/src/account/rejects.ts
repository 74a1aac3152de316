import { ident, type Session, type Sql, sql, sqlJoin } from '@throughline/engine';
import type { PlannedExtract } from '../plan/plan.js';

/** The table `rejects`, for the owner to look the lines up: rows that cannot be used, and lines that are none. */
export const rejectsOf = (extracts: readonly PlannedExtract[]): Sql =>
  sqlJoin(
    extracts.map(
      ({ name, tables }) => sql`
        SELECT ${name} AS extract, line, reason FROM ${ident(tables.outcomes)} WHERE outcome = 'rejected'
        UNION ALL SELECT ${name}, line, reason FROM ${ident(tables.rejected)}`,
    ),
    sql` UNION ALL `,
  );

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
