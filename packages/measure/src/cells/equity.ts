import { ident, type Sql, sql, sqlJoin } from '@throughline/engine';
import type { Measure } from '../definition/measure.js';
import { TOTAL } from '../population/dimensions.js';

/**
 * Table `linked_levels`: children of each level of each dimension, and of how many a record of another partner is
 * known. Programmes rarely record race or income, so this is the only linkage rate of a group that can be seen; a
 * group that takes part less has a lower one too.
 */
export function linkedLevels(dimensions: readonly string[]): Sql {
  const linked = sql`person_id IN (SELECT person_id FROM record_people GROUP BY person_id HAVING count(DISTINCT partner) > 1)`;
  const selects = dimensions.map(
    (each) => sql`
      SELECT ${each}::VARCHAR AS dimension, ${ident(each)} AS level, count(*) AS persons, count(*) FILTER (WHERE ${linked}) AS linked
      FROM population WHERE enrolled_in_period GROUP BY level`,
  );
  return sqlJoin(
    [
      sql`SELECT NULL::VARCHAR AS dimension, NULL::VARCHAR AS level, 0::BIGINT AS persons, 0::BIGINT AS linked WHERE false`,
      ...selects,
    ],
    sql` UNION ALL `,
  );
}

/** To four places; null where there is nothing to divide by. */
const quotient = (value: Sql, defined: Sql): Sql => sql`CASE WHEN ${defined} THEN round(${value}, 4) END`;

/**
 * A group's share of the children reached over its share of the children, for every measure of access. Without the
 * linkage gap beside it, a group that links worse looks under-served.
 */
export function equityOf(measures: readonly Measure[]): Sql {
  const names = measures
    .filter(({ use, crossing }) => use === 'access-measures' && crossing === undefined)
    .map(({ name }) => sql`${name}`);
  const chosen = sqlJoin([sql`''`, ...names]);
  const share = sql`reached / reached_all`;
  const due = sql`children / children_all`;
  return sql`
    SELECT measure, dimension, level, reached, reached_all, children, children_all,
      ${quotient(sql`(${share}) / (${due})`, sql`reached_all > 0 AND children > 0`)} AS ratio,
      ${quotient(sql`100 * (${share} - ${due})`, sql`reached_all > 0`)} AS gap,
      coalesce(linked, 0) AS linked,
      ${quotient(sql`100 * (linked / persons - linked_all / persons_all)`, sql`persons > 0`)} AS linked_gap
    FROM (
      SELECT measure, dim_1 AS dimension, level_1 AS level, yes AS reached, yes + no AS children
      FROM counted WHERE measure IN (${chosen}) AND dim_1 IS NOT NULL AND dim_2 IS NULL AND level_1 <> ${TOTAL}
    )
    JOIN (
      SELECT measure, yes AS reached_all, yes + no AS children_all FROM counted WHERE dim_1 IS NULL
    ) USING (measure)
    LEFT JOIN linked_levels USING (dimension, level)
    LEFT JOIN (
      SELECT dimension, sum(persons)::BIGINT AS persons_all, sum(linked)::BIGINT AS linked_all FROM linked_levels GROUP BY dimension
    ) USING (dimension)`;
}
