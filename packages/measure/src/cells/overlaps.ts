import { ident, type Sql, sql, sqlJoin } from '@throughline/engine';
import { verdictsTable } from '../definition/counts.js';
import type { Measure } from '../definition/measure.js';
import { TOTAL } from '../population/dimensions.js';
import { type TableDims, tablesOf } from './cells.js';

type Asked = Parameters<typeof tablesOf>[0];
export type Pair = readonly [measure: string, other: string];

/**
 * Rules that count the same children by their making: presets of one measure, and a measure with one that it is made
 * of. Bands are a partition, which is protected as such, and a breakdown has no cells of its own.
 */
export function pairsOf(measures: readonly Measure[]): readonly Pair[] {
  const whole = measures.filter(
    ({ crossing, partition }) => crossing === undefined && partition === undefined,
  );
  return whole.flatMap((one, at) =>
    whole
      .slice(at + 1)
      .filter(
        (other) =>
          one.measure === other.measure ||
          [...(other.after ?? []), ...(one.after ?? [])].some((name) =>
            [one.name, other.name].includes(name),
          ),
      )
      .map((other): Pair => [one.name, other.name]),
  );
}

/** One row a pair and a person whom either counts. */
export const pairVerdicts = (pairs: readonly Pair[]): Sql =>
  sqlJoin(
    [
      sql`SELECT ''::VARCHAR AS measure, ''::VARCHAR AS other, NULL::UUID AS person_id, ''::VARCHAR AS verdict, ''::VARCHAR AS other_verdict WHERE false`,
      ...pairs.map(
        ([measure, other]) => sql`
          SELECT ${measure}::VARCHAR, ${other}::VARCHAR, person_id, coalesce(one.verdict, 'none'), coalesce(two.verdict, 'none')
          FROM (SELECT person_id, verdict FROM ${verdictsTable(measure)}) AS one
          FULL JOIN (SELECT person_id, verdict FROM ${verdictsTable(other)}) AS two USING (person_id)`,
      ),
    ],
    sql` UNION ALL `,
  );

/** Table `overlaps`, from `pair_verdicts`: every place of every table that the measures have. */
export const overlapsOf = (asked: Asked): Sql => sqlJoin(tablesOf(asked).map(overlaps), sql` UNION ALL `);

function overlaps(dims: TableDims): Sql {
  const [first, second] = dims;
  const level = (dimension: string | undefined) =>
    dimension === undefined ? sql`NULL::VARCHAR` : sql`coalesce(${ident(dimension)}, ${TOTAL})`;
  const cube = dims.length === 0 ? sql`` : sql`, CUBE (${sqlJoin(dims.map(ident))})`;
  return sql`
    SELECT measure, other, ${first ?? null}::VARCHAR AS dim_1, ${level(first)} AS level_1,
      ${second ?? null}::VARCHAR AS dim_2, ${level(second)} AS level_2, verdict, other_verdict, count(*) AS count
    FROM pair_verdicts JOIN population USING (person_id)
    GROUP BY measure, other, verdict, other_verdict ${cube}`;
}
