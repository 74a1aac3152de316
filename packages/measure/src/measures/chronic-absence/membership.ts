import { type Sql, sql } from '@throughline/engine';
import { dayIndex, daysBetween, daysOf, noDays } from '../../days/day-bits.js';
import type { Scope } from '../../definition/measure.js';

/**
 * One row a school: its days in session. A day that one row opens and another closes is closed, since a snow day
 * comes as a second row; a day that nobody knows to be in session is not.
 */
export function schoolSessions({ period: { from, to }, rows }: Scope): Sql {
  return sql`
    SELECT partner, school, coalesce(${daysOf(dayIndex(sql`day`, from))} FILTER (WHERE open), ${noDays}) AS sessions
    FROM (
      SELECT partner, school, day, bool_and(in_session = 'yes') AS open
      FROM (${rows('enrolment', 'calendar')})
      WHERE day BETWEEN ${from}::DATE AND ${to}::DATE
      GROUP BY partner, school, day
    )
    GROUP BY partner, school`;
}

/**
 * One row an enrolled school record: the days on which it was enrolled and its school in session, and whether
 * the record is active on the export.
 */
export function recordMembership(): Sql {
  return sql`
    SELECT spans.person_id, partner, record_id,
      coalesce(bit_or(sessions & ${daysBetween(sql`first_day`, sql`last_day`)}), ${noDays}) AS member,
      bool_or(sessions IS NULL) AS no_calendar,
      coalesce(bool_or(active), false) AS active
    FROM spans
    LEFT JOIN school_sessions USING (partner, school)
    LEFT JOIN school_records USING (partner, record_id)
    GROUP BY spans.person_id, partner, record_id`;
}

/**
 * One row a partner that exports absences, for records active on the export and for others: the days of which
 * such a record has no rows although the export covers them (`hidden`), and the days on which having no row
 * means present (`silent`).
 */
export function absenceFeeds({ period: { from, to }, rows }: Scope): Sql {
  const first = sql`greatest(0, ${dayIndex(sql`covers_from`, from)})`;
  const last = sql`least(${dayIndex(sql`${to}::DATE`, from)}, ${dayIndex(sql`covers_to`, from)})`;
  const within = sql`covers_from <= covers_to AND covers_to >= ${from}::DATE AND covers_from <= ${to}::DATE`;
  return sql`
    SELECT partner, active,
      bit_or(covered) & ~coalesce(bit_or(covered) FILTER (WHERE holds), ${noDays}) AS hidden,
      coalesce(bit_or(covered) FILTER (WHERE holds AND exceptions_only), ${noDays}) AS silent
    FROM (
      SELECT partner, active, active OR NOT active_only AS holds, exceptions_only,
        CASE WHEN ${within} THEN ${daysBetween(first, last)} ELSE ${noDays} END AS covered
      FROM (${rows('enrolment', 'extracts')}), (VALUES (true), (false)) AS standing(active)
      WHERE payload_table = 'absences'
    )
    GROUP BY partner, active`;
}
