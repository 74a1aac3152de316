import { type Sql, sql } from '@throughline/engine';
import type { Scope } from '../../definition/measure.js';

/**
 * One row a participant record. `attended`: at least one session in the period that is marked attended and not
 * on a waiting list. `perhaps`: a row that could be one, were its mark or its date known.
 */
export function participants({ period: { from, to }, rows }: Scope): Sql {
  return sql`
    SELECT partner, record_id,
      coalesce(any_value(person_id), record_id) AS person_id,
      coalesce(any_value(basis), 'none') AS basis,
      bool_or(holds_place AND attended = 'yes' AND in_period) AS attended,
      bool_or(holds_place AND attended <> 'no' AND (in_period OR day IS NULL)) AS perhaps,
      bool_or(holds_place) AS holds_place,
      bool_or(status = 'waitlisted') AS waitlisted
    FROM (
      SELECT *, status <> 'waitlisted' AS holds_place,
        coalesce(day BETWEEN ${from}::DATE AND ${to}::DATE, false) AS in_period
      FROM (${rows('afterschool', 'sessions')})
    )
    LEFT JOIN record_people USING (partner, record_id)
    GROUP BY partner, record_id`;
}

/**
 * `unknown` is a child whose rows leave it open. A child without any linked row is `no`: no linked record. A
 * participant whom linkage missed is therefore a `no` here, and stands in the coverage as unlinked.
 */
export function verdictsOf(): Sql {
  return sql`
    SELECT person_id,
      CASE WHEN attended THEN 'yes' WHEN perhaps THEN 'unknown' ELSE 'no' END AS verdict
    FROM population
    LEFT JOIN (
      SELECT person_id, bool_or(attended) AS attended, bool_or(perhaps) AS perhaps
      FROM participants GROUP BY person_id
    ) USING (person_id)
    WHERE enrolled_on_snapshot`;
}
