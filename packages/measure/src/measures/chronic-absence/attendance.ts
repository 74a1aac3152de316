import { type Sql, sql } from '@throughline/engine';
import { allDays, dayIndex, daysOf, noDays } from '../../days/day-bits.js';
import type { Scope } from '../../definition/measure.js';
import type { DayRule } from './presets.js';

/** BIGINT, so that a hostile number of minutes cannot overflow. */
const missedEnough: Readonly<Record<DayRule, Sql>> = {
  half: sql`absent_minutes::BIGINT * 2 >= scheduled_minutes`,
  over_half: sql`absent_minutes::BIGINT * 2 > scheduled_minutes`,
  whole: sql`absent_minutes >= scheduled_minutes`,
};

/** One row is one child's day. Minutes decide where there are both; a row that says neither is unclear. */
const markOf = (rule: DayRule): Sql => sql`
  CASE
    WHEN absent_minutes >= 0 AND scheduled_minutes > 0
      THEN CASE WHEN ${missedEnough[rule]} THEN 'absent' ELSE 'present' END
    WHEN absent = 'yes' THEN 'absent'
    WHEN absent = 'no' THEN 'present'
    ELSE 'unclear'
  END`;

/** One row a record with attendance rows. Of several rows on a day the worst stands: absent, unclear, present. */
export function recordMarks({ period: { from, to }, rows }: Scope, rule: DayRule): Sql {
  const days = (mark: string) =>
    sql`coalesce(${daysOf(sql`day_index`)} FILTER (WHERE mark = ${mark}), ${noDays})`;
  return sql`
    SELECT partner, record_id, absent, unclear & ~absent AS unclear, present & ~absent & ~unclear AS present
    FROM (
      SELECT partner, record_id,
        ${days('absent')} AS absent, ${days('unclear')} AS unclear, ${days('present')} AS present
      FROM (
        SELECT partner, record_id, ${dayIndex(sql`day`, from)} AS day_index, ${markOf(rule)} AS mark
        FROM (${rows('enrolment', 'absences')})
        WHERE day BETWEEN ${from}::DATE AND ${to}::DATE
      )
      GROUP BY partner, record_id
    )`;
}

/**
 * One row a school record: its membership days, on which of them it was absent, on which nobody can tell
 * (`unclear`), and whether any of them is hidden. A mark on a day out of its own membership (a holiday, before
 * entry, after exit) counts for nothing.
 */
export function recordAttendance(marks: Sql): Sql {
  return sql`
    SELECT person_id, partner, record_id, member, no_calendar,
      member & absent AS absent,
      member & ~hidden & (unclear | ~(silent | present)) AS unclear,
      has_feed AND bit_count(member & hidden) > 0 AS left_before_export,
      NOT has_feed AND bit_count(member) > 0 AS no_absences_extract,
      bit_count(absent & ~member) AS absent_outside
    FROM (
      SELECT person_id, partner, record_id, member, no_calendar,
        hidden IS NOT NULL AS has_feed, coalesce(hidden, ${allDays}) AS hidden, coalesce(silent, ${noDays}) AS silent,
        coalesce(absent, ${noDays}) AS absent, coalesce(unclear, ${noDays}) AS unclear, coalesce(present, ${noDays}) AS present
      FROM record_membership
      LEFT JOIN absence_feeds USING (partner, active)
      LEFT JOIN ${marks} USING (partner, record_id)
    )`;
}

/**
 * One row a person: M membership days, A absent days and how many more could be absent. Days are united before
 * they are counted: a day at two schools is one day, and absent if absent at either.
 */
export function personAttendance(records: Sql): Sql {
  return sql`
    SELECT person_id, bit_count(member) AS days, bit_count(absent) AS absent_days,
      bit_count(unclear & ~absent) AS unclear_days, left_before_export, no_absences_extract, no_calendar
    FROM (
      SELECT person_id, bit_or(member) AS member, bit_or(absent) AS absent, bit_or(unclear) AS unclear,
        bool_or(left_before_export) AS left_before_export,
        bool_or(no_absences_extract) AS no_absences_extract,
        bool_or(no_calendar) AS no_calendar
      FROM ${records}
      GROUP BY person_id
    )`;
}
