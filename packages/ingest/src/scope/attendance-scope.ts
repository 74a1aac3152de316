import { type Row, type Session, type Sql, sql } from '@throughline/engine';
import type { Found } from '../hold/reasons.js';
import type { PlannedExtract } from '../plan/plan.js';

/** Membership days of some records, and on how many of them a row says something, and says that nothing was missed. */
export type Attended = { readonly days: number; readonly told: number; readonly present: number };
export type Attendances = Readonly<Record<'staying' | 'leaving', Attended>>;

/** So few rows would come about by chance about once in 20,000 years of nights. */
const ENOUGH_EXPECTED = 10;
/** Daily registers have a row for nearly every membership day, lists of exceptions for a tenth of them at most. */
const HALF = 2;

/**
 * What the attendance of a partner says about the scope of its exports of absences. The rates of those who stay tell
 * how many rows those who have left would have; an export that leaves them out has none.
 */
export function attendanceContradictions(
  { name, manifest }: PlannedExtract,
  { staying, leaving }: Attendances,
): Found[] {
  const { active_only, exceptions_only } = manifest.scope;
  const all = { days: staying.days + leaving.days, told: staying.told + leaving.told };
  const held = active_only ? staying : all;
  const expected = staying.days === 0 ? 0 : (staying.told * leaving.days) / staying.days;
  const leavers = `${leaving.told} rows on ${leaving.days} days of those who left, ${staying.told} on ${staying.days} of the others`;
  const everyDay = `${all.told} rows on ${all.days} membership days`;
  const found: Found[] = [];
  if (expected >= ENOUGH_EXPECTED) {
    const looksActiveOnly = leaving.told * 10 < expected;
    const looksWhole = leaving.told * HALF >= expected;
    if (active_only ? looksWhole : looksActiveOnly)
      found.push({ reason: 'active_only', place: name, counts: leavers });
  }
  if (held.days >= ENOUGH_EXPECTED * 10) {
    const looksDaily = held.told * HALF > held.days && (staying.present + leaving.present) * HALF > all.told;
    const looksExceptions = held.told * HALF < held.days;
    if (exceptions_only ? looksDaily : looksExceptions)
      found.push({ reason: 'exceptions_only', place: name, counts: everyDay });
  }
  return found;
}

/** Whether so few rows of those who have left are to be expected that their absence tells nothing. */
export function isTooFewToTell({ staying, leaving }: Attendances): boolean {
  return staying.days > 0 && staying.told * leaving.days < ENOUGH_EXPECTED * staying.days;
}

/**
 * Attendance on the days that an extract covers, from the registers: of records that are active and still enrolled
 * on the last of these days, and of the others.
 */
export async function attendancesOf(
  session: Session,
  { manifest }: PlannedExtract,
  today: string,
): Promise<Attendances> {
  const { covers_from, covers_to } = manifest.scope;
  const last = covers_to < today ? covers_to : today;
  const rows = await session.rows('scope of attendance', attended(covers_from, last));
  const of = (leaving: boolean): Attended => {
    const row: Row = rows.find((each) => each['leaving'] === leaving) ?? {};
    return {
      days: Number(row['days'] ?? 0),
      told: Number(row['told'] ?? 0),
      present: Number(row['present'] ?? 0),
    };
  };
  return { staying: of(false), leaving: of(true) };
}

const attended = (from: string, to: string): Sql => sql`
  WITH covered AS (
    SELECT record_id, school, (${from}::DATE - first_day) AS first_place, (${to}::DATE - first_day) AS last_place,
      substr(line, greatest(0, ${from}::DATE - first_day) + 1, greatest(0, ${to}::DATE - greatest(${from}::DATE, first_day) + 1)) AS line
    FROM silent_registers WHERE line IS NOT NULL),
  told AS (
    SELECT record_id, school, count(*) AS told, count(*) FILTER (WHERE mark = 'P') AS present
    FROM register_cuts JOIN covered USING (record_id, school)
    WHERE place BETWEEN first_place AND last_place GROUP BY record_id, school),
  ends AS (
    SELECT record_id, bool_or(last_place >= length(line) - 1) AS stays
    FROM member_spans JOIN (SELECT school, line FROM silent_lines WHERE active) USING (school) GROUP BY record_id)
  SELECT NOT coalesce(stays, true) AS leaving, sum(length(replace(line, '-', '')))::BIGINT AS days,
    coalesce(sum(told), 0)::BIGINT AS told, coalesce(sum(present), 0)::BIGINT AS present
  FROM covered LEFT JOIN told USING (record_id, school) LEFT JOIN ends USING (record_id)
  GROUP BY ALL`;
