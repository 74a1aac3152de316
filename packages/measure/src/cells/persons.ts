import { ident, type Sql, sql, sqlJoin } from '@throughline/engine';
import { verdictsTable } from '../definition/counts.js';
import type { Measure } from '../definition/measure.js';
import { type Dimension, dimensionNames } from '../population/dimensions.js';

/** Table `levels`: a level of each dimension that is asked for, and null in the others. */
export const personLevels = (dimensions: readonly Dimension[]): Sql => {
  const columns = dimensionNames.map((each) =>
    dimensions.includes(each)
      ? sql`${ident(each)}::VARCHAR AS ${ident(each)}`
      : sql`NULL::VARCHAR AS ${ident(each)}`,
  );
  return sql`SELECT person_id, enrolled_on_snapshot, ${sqlJoin(columns)} FROM population`;
};

/** Table `verdicts`: of measures with cells of their own. */
export const personVerdicts = (measures: readonly Measure[]): Sql =>
  sqlJoin(
    measures.flatMap(({ name, crossing }) =>
      crossing === undefined
        ? [sql`SELECT person_id, ${name}::VARCHAR AS measure, verdict, basis FROM ${verdictsTable(name)}`]
        : [],
    ),
    sql` UNION ALL `,
  );

/** Table `access`: the level at which an outcome's breakdown places each person. */
export const personAccess = (measures: readonly Measure[]): Sql =>
  sqlJoin(
    [
      sql`SELECT NULL::UUID AS person_id, ''::VARCHAR AS dimension, ''::VARCHAR AS level WHERE false`,
      ...new Map(
        measures.flatMap(({ crossing }) =>
          crossing === undefined ? [] : [[crossing.access, placed(crossing)] as const],
        ),
      ).values(),
    ],
    sql` UNION ALL `,
  );

const placed = ({ access, banded }: NonNullable<Measure['crossing']>): Sql => sql`
  SELECT person_id, ${access}::VARCHAR AS dimension, coalesce(firm, 'other')::VARCHAR AS level
  FROM population LEFT JOIN ${ident(banded)} USING (person_id)`;
