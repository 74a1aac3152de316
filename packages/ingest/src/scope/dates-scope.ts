import type { PayloadTable } from '@throughline/core';
import { ident, type Session, sql } from '@throughline/engine';
import { keptRows } from '../account/outcomes.js';
import { isOver } from '../hold/moves.js';
import type { Found } from '../hold/reasons.js';
import { valueColumn } from '../load/values.js';
import type { PlannedExtract } from '../plan/plan.js';

/** The payload column that says when a row happened or began. */
const DATED: Readonly<Partial<Record<PayloadTable, string>>> = {
  enrolments: 'entry_date',
  calendar: 'day',
  absences: 'day',
  sessions: 'day',
  plan_services: 'service_date',
  registrations: 'entry_date',
};

/** Something that begins may have begun before what is covered, and a plan may lie ahead of it. */
const HAPPENS: ReadonlySet<string> = new Set(['absences', 'sessions', 'calendar']);
/** So many rows of a system of several years hold an earlier one, if it exports them. */
const MANY = 50;

/** Dated rows: how many, and how many of them before and after the days that are covered. */
export type Dated = { readonly rows: number; readonly before: number; readonly after: number };

/** What the dates of an extract say about the years that it holds. */
export function dateContradictions(
  { name, manifest }: PlannedExtract,
  { rows, before, after }: Dated,
): Found[] {
  const { scope, limits, payload_table } = manifest;
  const found: Found[] = [];
  const outside = before + after;
  if (HAPPENS.has(payload_table ?? '') && isOver(outside, rows, limits.change))
    found.push({ reason: 'covers', place: name, counts: `${outside} of ${rows} rows` });
  const tooEarly =
    scope.current_year_only === true && isOver(before, rows, { ...limits.change, share: 0.01 });
  const noneEarly = scope.current_year_only === false && rows >= MANY && before === 0;
  if (tooEarly || noneEarly)
    found.push({ reason: 'current_year_only', place: name, counts: `${before} of ${rows} rows before` });
  return found;
}

/** @returns undefined where the rows of the extract are not dated. */
export async function datedRows(session: Session, extract: PlannedExtract): Promise<Dated | undefined> {
  const { layout, manifest } = extract;
  const column = manifest.payload_table === null ? undefined : DATED[manifest.payload_table];
  const index = layout.fields.findIndex((field) => column !== undefined && field.column === column);
  if (index < 0) return undefined;
  const day = valueColumn(index);
  const { covers_from, covers_to } = manifest.scope;
  const [row = {}] = await session.rows(
    `scope of ${extract.name}`,
    sql`SELECT count(${day}) AS rows, count(*) FILTER (WHERE ${day} < ${covers_from}::DATE) AS before,
        count(*) FILTER (WHERE ${day} > ${covers_to}::DATE) AS after FROM (${keptRows(extract)})`,
  );
  return { rows: Number(row['rows']), before: Number(row['before']), after: Number(row['after']) };
}

/** Enrolments that overlap another one of the same record at the same school. */
export async function overlappingEnrolments(
  session: Session,
  extract: PlannedExtract,
): Promise<{ readonly rows: number; readonly overlapping: number } | undefined> {
  const place = (column: string) => extract.layout.fields.findIndex((field) => field.column === column);
  const [school, entry, exit] = [place('school'), place('entry_date'), place('exit_date')];
  if (extract.manifest.payload_table !== 'enrolments' || school < 0 || entry < 0) return undefined;
  const last = exit < 0 ? sql`NULL::DATE` : valueColumn(exit);
  const [row = {}] = await session.rows(
    `scope of ${extract.name}`,
    sql`SELECT count(*) AS rows, count(*) FILTER (WHERE entry <= before) AS overlapping FROM (
        SELECT entry, max(last) OVER (PARTITION BY record_id, school ORDER BY entry, last
          ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
        FROM (SELECT record_id, ${valueColumn(school)} AS school, ${valueColumn(entry)} AS entry,
          coalesce(${last}, '9999-12-31'::DATE) AS ${ident('last')} FROM (${keptRows(extract)})))`,
  );
  return { rows: Number(row['rows']), overlapping: Number(row['overlapping']) };
}
