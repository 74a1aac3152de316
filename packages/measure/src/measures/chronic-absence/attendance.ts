import { type Sql, sql } from '@throughline/engine';

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
