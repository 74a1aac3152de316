import { type Sql, sql, sqlJoin } from '@throughline/engine';
import { type Band, bandOf } from '../../compile/verdicts.js';
import type { CountsOf } from '../../definition/vocabulary.js';
import type { Membership } from './plan.js';

type Chronic = CountsOf<'attendance'>;

/** Whether so many absent days of `days` in membership are chronic; whole numbers, so that 18 of 180 is. */
export const isChronic = ({ chronic }: Chronic, absentDays: Sql): Sql =>
  'one_in' in chronic
    ? sql`(${absentDays}) * ${chronic.one_in}::BIGINT >= days`
    : sql`(${absentDays}) >= ${chronic.absent_days}::BIGINT`;

export const gradeCounts = ({ grades }: Membership): Sql =>
  sql`grade IN (${sqlJoin(grades.map((grade) => sql`${grade}`))})`;

/** A child with an enrolment at a school without a calendar may have been there long enough: it stays, unknown. */
const longEnough = ({ minimum_days }: Membership): Sql =>
  sql`(days >= ${minimum_days}::BIGINT OR no_calendar)`;

/** Any membership day hidden: nothing is known, and never `no` for want of a row. */
const isHidden = sql`(left_before_export OR no_absences_extract OR no_calendar)`;

/**
 * Days at two school systems are one child's only if linkage is right: the weakest link among the records. A child
 * of one system needs none.
 */
const linkOf = sql`(
  SELECT person_id,
    CASE WHEN count(DISTINCT partner) = 1 OR max(strength) = 1 THEN 'exact' WHEN max(strength) = 2 THEN 'probable' ELSE 'weak' END AS basis
  FROM (
    SELECT DISTINCT spans.person_id, partner, record_id,
      CASE basis WHEN 'probable' THEN 2 WHEN 'weak' THEN 3 ELSE 1 END AS strength
    FROM spans LEFT JOIN record_people USING (partner, record_id)
  )
  GROUP BY person_id)`;

const counted = (rule: Membership, attendance: Sql): Sql =>
  sql`${attendance} JOIN population USING (person_id) JOIN ${linkOf} USING (person_id) WHERE ${gradeCounts(rule)} AND ${longEnough(rule)}`;

/** Unknown: any membership day hidden, or the answer hangs on days of which nobody can tell. */
export const verdictsOf = (rule: Chronic, attendance: Sql): Sql => sql`
  SELECT person_id, verdict, CASE WHEN verdict = 'yes' THEN basis END AS basis
  FROM (
    SELECT person_id, basis,
      CASE
        WHEN ${isHidden} THEN 'unknown'
        WHEN ${isChronic(rule, sql`absent_days`)} THEN 'yes'
        WHEN ${isChronic(rule, sql`absent_days + unclear_days`)} THEN 'unknown'
        ELSE 'no'
      END AS verdict
    FROM ${counted(rule, attendance)}
  )`;

/**
 * The band of the share of days present, `unknown` where days that nobody can tell could move it. Compared times 100
 * in whole numbers: 162 of 180 is 90 %. A child whose every day is out of membership has no share.
 */
export function attendanceBands(
  rule: Membership,
  attendance: Sql,
  bands: readonly (Band & { readonly name: string })[],
): Sql {
  const percent = (absent: Sql) => sql`((days - (${absent})) * 100 // greatest(days, 1))`;
  return sql`
    SELECT person_id, basis, band, band AS firm FROM (
    SELECT person_id, basis,
      CASE
        WHEN ${isHidden} OR days = 0 THEN 'unknown'
        WHEN ${bandOf(percent(sql`absent_days`), bands)} = ${bandOf(percent(sql`absent_days + unclear_days`), bands)}
          THEN ${bandOf(percent(sql`absent_days`), bands)}
        ELSE 'unknown'
      END AS band
    FROM ${counted(rule, attendance)})`;
}
