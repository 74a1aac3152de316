import { ident, type Sql, sql } from '@throughline/engine';

/** A child whom linkage has found at two partners or more, by the strongest kind of link that it has. */
export const linkedVerdicts = (people: string): Sql => sql`
  SELECT person_id,
    CASE WHEN coalesce(partners, 0) > 1 THEN 'yes' ELSE 'no' END AS verdict,
    CASE WHEN partners > 1 THEN basis END AS basis
  FROM ${ident(people)}
  LEFT JOIN (
    SELECT person_id, count(DISTINCT partner) AS partners,
      CASE
        WHEN bool_or(basis = 'exact') THEN 'exact'
        WHEN bool_or(basis = 'probable') THEN 'probable'
        WHEN bool_or(basis = 'weak') THEN 'weak'
        ELSE 'exact'
      END AS basis
    FROM record_people GROUP BY person_id
  ) USING (person_id)`;
