import { type Sql, sql, sqlJoin } from '@throughline/engine';
import { verdictsTable } from '../definition/counts.js';

/** Yes from so many measures on; what is unknown of some of them can leave it open. */
export function severalVerdicts(names: readonly string[], atLeast: number): Sql {
  const all = sqlJoin(
    names.map((name) => sql`SELECT person_id, verdict, basis FROM ${verdictsTable(name)}`),
    sql` UNION ALL `,
  );
  const enough = (condition: Sql) => sql`count(*) FILTER (WHERE ${condition}) >= ${atLeast}::BIGINT`;
  return sql`
    SELECT person_id,
      CASE WHEN ${enough(sql`verdict = 'yes'`)} THEN 'yes' WHEN ${enough(sql`verdict <> 'no'`)} THEN 'unknown' ELSE 'no' END AS verdict,
      CASE
        WHEN ${enough(sql`basis = 'exact'`)} THEN 'exact'
        WHEN ${enough(sql`basis IN ('exact', 'probable')`)} THEN 'probable'
        WHEN ${enough(sql`verdict = 'yes'`)} THEN 'weak'
      END AS basis
    FROM (${all})
    GROUP BY person_id`;
}
