import { ident, type Sql, sql, sqlJoin } from '@throughline/engine';
import { verdictsTable } from '../definition/counts.js';
import type { Measure } from '../definition/measure.js';

const nothing = sql`
  SELECT ''::VARCHAR AS measure, ''::VARCHAR AS outcome, ''::VARCHAR AS access, ''::VARCHAR AS level, 0::BIGINT AS known,
    0::BIGINT AS compared, 0::BIGINT AS yes, 0::DOUBLE AS expected
  WHERE false`;

/**
 * Children with access beside children without, in the same grade band and school: how many a yes is expected of,
 * had each the rate of the children without access in its stratum. Children in a stratum without any are not compared.
 * An association: families choose programmes, and nothing here says what they would have done without.
 */
export const allComparisons = (measures: readonly Measure[]): Sql =>
  sqlJoin([nothing, ...measures.flatMap(comparison)], sql` UNION ALL `);

function comparison({ name, crossing }: Measure): readonly Sql[] {
  if (crossing === undefined) return [];
  const { outcome, access, banded, without } = crossing;
  const known = sql`(
    SELECT person_id, school, grade_band, coalesce(firm, 'other') AS level, (verdict = 'yes')::INTEGER AS yes
    FROM ${verdictsTable(outcome)} JOIN population USING (person_id) LEFT JOIN ${ident(banded)} USING (person_id)
    WHERE verdict <> 'unknown')`;
  return [
    sql`
    SELECT ${name}::VARCHAR AS measure, ${outcome}::VARCHAR AS outcome, ${access}::VARCHAR AS access, level,
      count(*) AS known, count(rate) AS compared, coalesce(sum(yes) FILTER (WHERE rate IS NOT NULL), 0)::BIGINT AS yes,
      round(sum(rate), 2)::DOUBLE AS expected
    FROM ${known}
    LEFT JOIN (
      SELECT school, grade_band, avg(yes) AS rate FROM ${known} WHERE level = ${without} GROUP BY school, grade_band
    ) USING (school, grade_band)
    WHERE level <> ${without}
    GROUP BY level`,
  ];
}
