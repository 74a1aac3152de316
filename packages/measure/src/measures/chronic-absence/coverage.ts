import { type Sql, sql } from '@throughline/engine';
import { countOf, countsBy } from '../../definition/counts.js';
import type { Scope } from '../../definition/measure.js';
import type { Membership } from './plan.js';
import { gradeCounts } from './verdicts.js';

/** The tables of a measure. */
export type Attendance = {
  readonly persons: Sql;
  readonly verdicts: Sql;
};

/** More days in membership than a school year has: a calendar or an enrolment is wrong (EDU's alarm). */
const MOST_SCHOOL_DAYS = 185;

export function coverageOf(rule: Membership, { persons, verdicts }: Attendance, scope: Scope): Sql[] {
  const attending = sql`${persons} JOIN population USING (person_id)`;
  const eligible = sql`${persons} JOIN ${verdicts} USING (person_id)`;
  return [
    countOf('persons_ever_enrolled', sql`${persons} WHERE days > 0`),
    countOf('persons_grade_unknown', sql`${attending} WHERE grade = 'unknown'`),
    countOf(
      'persons_outside_grades',
      sql`${attending} WHERE grade <> 'unknown' AND NOT ${gradeCounts(rule)}`,
    ),
    countOf(
      'persons_below_minimum_days',
      sql`${attending} WHERE ${gradeCounts(rule)} AND days < ${rule.minimum_days}::BIGINT AND NOT no_calendar`,
    ),
    countsBy('persons_unknown', unknownReasons(eligible)),
    countOf('persons_over_185_days', sql`${persons} WHERE days > ${MOST_SCHOOL_DAYS}::BIGINT`),
    countsBy(
      'calendar_days_unclear',
      sql`SELECT partner AS "by", count(*) AS count FROM (${scope.rows('enrolment', 'calendar')}) WHERE in_session = 'unknown' GROUP BY partner`,
    ),
  ];
}

/** A child can be unknown for several reasons; each counts it. */
const unknownReasons = (eligible: Sql): Sql => sql`
  SELECT "by", count(*) AS count
  FROM (
    SELECT unnest([
      CASE WHEN left_before_export THEN 'left_before_export' END,
      CASE WHEN no_absences_extract THEN 'no_absences_extract' END,
      CASE WHEN no_calendar THEN 'no_calendar' END,
      CASE WHEN NOT (left_before_export OR no_absences_extract OR no_calendar) THEN 'unclear_days' END
    ]) AS "by"
    FROM ${eligible} WHERE verdict = 'unknown'
  )
  WHERE "by" IS NOT NULL
  GROUP BY "by"`;
