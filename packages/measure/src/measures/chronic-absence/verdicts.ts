import { type Sql, sql, sqlJoin } from '@throughline/engine';
import type { Preset } from './presets.js';

/** Whether so many absent days of `days` in membership are chronic; whole numbers, so that 18 of 180 is. */
export const isChronic = ({ chronic }: Preset, absentDays: Sql): Sql =>
  'oneIn' in chronic
    ? sql`(${absentDays}) * ${chronic.oneIn}::BIGINT >= days`
    : sql`(${absentDays}) >= ${chronic.absentDays}::BIGINT`;

export const gradeCounts = ({ grades }: Preset): Sql =>
  sql`grade IN (${sqlJoin(grades.map((grade) => sql`${grade}`))})`;

/** A child with an enrolment at a school without a calendar may have been there long enough: it stays, unknown. */
const longEnough = ({ minimumDays }: Preset): Sql => sql`(days >= ${minimumDays}::BIGINT OR no_calendar)`;

/**
 * Unknown: any membership day hidden, or the answer hangs on days of which nobody can tell. Never `no` for want
 * of a row.
 */
export function verdictsOf(preset: Preset, attendance: Sql): Sql {
  return sql`
    SELECT person_id,
      CASE
        WHEN left_before_export OR no_absences_extract OR no_calendar THEN 'unknown'
        WHEN ${isChronic(preset, sql`absent_days`)} THEN 'yes'
        WHEN ${isChronic(preset, sql`absent_days + unclear_days`)} THEN 'unknown'
        ELSE 'no'
      END AS verdict
    FROM ${attendance} JOIN population USING (person_id)
    WHERE ${gradeCounts(preset)} AND ${longEnough(preset)}`;
}
