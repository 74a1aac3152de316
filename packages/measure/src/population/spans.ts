import { type Sql, sql } from '@throughline/engine';
import { dayIndex } from '../days/day-bits.js';
import type { Scope } from '../definition/measure.js';

/** One row a record that linkage knows. Any other record is a person of its own, so that no child is lost. */
export const recordPeople = (people: Sql): Sql =>
  sql`SELECT partner, record_id, person_id, basis FROM ${people}`;

/** One row a student record at a school: its person, and whether the record is active on the export. */
export const schoolRecords = ({ rows }: Scope): Sql => sql`
  SELECT partner, record_id, coalesce(any_value(person_id), record_id) AS person_id,
    bool_or(active = 'yes') AS active
  FROM (${rows('enrolment', 'students')})
  LEFT JOIN record_people USING (partner, record_id)
  GROUP BY partner, record_id`;

/**
 * One row an enrolment of which at least a day lies in the period: first and last day in it, as day indices.
 * The exit date is the last day enrolled; a null one is still open. A child who did not show up was not enrolled.
 */
export function spans({ period: { from, to }, rows }: Scope, snapshot: string): Sql {
  const last = sql`coalesce(exit_date, ${to}::DATE)`;
  return sql`
    SELECT coalesce(person_id, record_id) AS person_id, partner, partner_rank, record_id, school, grade, entry_date,
      greatest(0, ${dayIndex(sql`entry_date`, from)}) AS first_day,
      least(${dayIndex(sql`${to}::DATE`, from)}, ${dayIndex(last, from)}) AS last_day,
      ${snapshot}::DATE BETWEEN entry_date AND ${last} AS covers_snapshot
    FROM (${rows('enrolment', 'enrolments')})
    LEFT JOIN record_people USING (partner, record_id)
    WHERE no_show <> 'yes' AND entry_date <= ${last}
      AND entry_date <= ${to}::DATE AND ${last} >= ${from}::DATE`;
}

/** Enrolments that are no span, by reason. */
export const enrolmentsLeftOut = ({ period: { from, to }, rows }: Scope): Sql => sql`
  SELECT reason AS "by", count(*) AS count
  FROM (
    SELECT CASE
        WHEN no_show = 'yes' THEN 'no_show'
        WHEN exit_date < entry_date THEN 'exit_before_entry'
        WHEN entry_date > ${to}::DATE OR exit_date < ${from}::DATE THEN 'outside_period'
      END AS reason
    FROM (${rows('enrolment', 'enrolments')})
  )
  WHERE reason IS NOT NULL
  GROUP BY reason`;

/** School records that linkage does not know, by partner; each is counted as a person of its own. */
export const recordsWithoutPerson = ({ rows }: Scope): Sql => sql`
  SELECT partner AS "by", count(*) AS count
  FROM (
    SELECT partner, record_id FROM (${rows('enrolment', 'students')})
    UNION SELECT partner, record_id FROM (${rows('enrolment', 'enrolments')})
  )
  ANTI JOIN record_people USING (partner, record_id)
  GROUP BY partner`;
