import { ident, type Row, type Session, sql, sqlJoin } from '@throughline/engine';
import { isUnreadable, textColumn } from '../load/values.js';
import type { PlannedExtract } from '../plan/plan.js';
import type { Outcome } from './outcomes.js';

export type OutcomeCount = { readonly outcome: Outcome; readonly reason: string; readonly rows: number };

/** Of kept rows, by field: how many have a text, and how many one that could not be read. */
export type KeptTexts = ReadonlyMap<string, { readonly texts: number; readonly unread: number }>;

type Counted = { readonly outcomes: readonly OutcomeCount[]; readonly kept: KeptTexts };

/** Counts an extract's rows in one pass over them. Lines that never became rows are rejected too. */
export async function countRows(session: Session, extract: PlannedExtract): Promise<Counted> {
  const { name, tables, layout } = extract;
  const counts = layout.fields.flatMap((_, index) => [
    sql`count(${textColumn(index)}) AS ${ident(`texts_${index}`)}`,
    sql`count(*) FILTER (${isUnreadable(index)}) AS ${ident(`unread_${index}`)}`,
  ]);
  const rows = await session.rows(
    `account for ${name}`,
    sql`SELECT ${sqlJoin([sql`outcome::VARCHAR AS outcome`, sql`reason`, sql`count(*) AS rows`, ...counts])}
      FROM ${ident(tables.outcomes)} GROUP BY outcome, reason
      UNION ALL BY NAME SELECT 'rejected' AS outcome, reason, count(*) AS rows FROM ${ident(tables.rejected)} GROUP BY reason
      ORDER BY outcome, reason`,
  );
  return { outcomes: outcomesOf(rows), kept: keptTexts(extract, rows) };
}

/** A reason may be one of rows and of lines. */
function outcomesOf(rows: readonly Row[]): OutcomeCount[] {
  const counts = new Map<string, OutcomeCount>();
  for (const row of rows) {
    const [outcome, reason] = [row['outcome'] as Outcome, String(row['reason'])];
    const key = `${outcome} ${reason}`;
    counts.set(key, { outcome, reason, rows: (counts.get(key)?.rows ?? 0) + Number(row['rows']) });
  }
  return [...counts.values()];
}

function keptTexts({ layout }: PlannedExtract, rows: readonly Row[]): KeptTexts {
  const kept = rows.find((row) => row['outcome'] === 'kept') ?? {};
  const of = (what: string, index: number) => Number(kept[`${what}_${index}`] ?? 0);
  return new Map(
    layout.fields.map(({ name }, index) => [
      name,
      { texts: of('texts', index), unread: of('unread', index) },
    ]),
  );
}
