import { ident, type Sql, sql, sqlJoin } from '@throughline/engine';
import { verdictsTable } from '../definition/counts.js';
import type { Measure } from '../definition/measure.js';
import { type Dimension, TOTAL } from '../population/dimensions.js';

/** The dimensions of a table: none (the grand total alone), one or two. */
export type TableDims = readonly [] | readonly [Dimension] | readonly [Dimension, Dimension];

/** The tables of every measure: the total, one a dimension, and the two-way tables asked for. */
export const tablesOf = (
  dimensions: readonly Dimension[],
  twoWay: readonly (readonly [Dimension, Dimension])[],
): readonly TableDims[] => [[], ...dimensions.map((each): TableDims => [each]), ...twoWay];

/** `<measure>.total`, `<measure>.school`, `<measure>.school_x_grade_band`. */
export const tableName = (measure: string, dims: TableDims): string =>
  `${measure}.${dims.length === 0 ? 'total' : dims.join('_x_')}`;

type Counted = Pick<Measure, 'name' | 'population'>;

/** All cells of a measure. */
export const cellsOf = (measure: Counted, tables: readonly TableDims[]): Sql =>
  sqlJoin(
    tables.map((dims) => tableCells(measure, dims)),
    sql` UNION ALL `,
  );

/**
 * A table's cells: the full crossing of all levels that any child has, with empty combinations and all margins
 * (level `Total`). The total table has no dimension and one row. Without the crossing a missing row would be a
 * zero that everybody can read.
 */
function tableCells({ name, population }: Counted, dims: TableDims): Sql {
  const [first, second] = dims;
  return sql`
    SELECT ${name}::VARCHAR AS measure, ${population}::VARCHAR AS population, ${tableName(name, dims)}::VARCHAR AS table_name,
      ${first ?? null}::VARCHAR AS dim_1, level_1, ${second ?? null}::VARCHAR AS dim_2, level_2,
      coalesce(yes, 0) AS yes, coalesce(no, 0) AS no, coalesce(unknown, 0) AS unknown, coalesce(total, 0) AS total
    FROM (${levelsOf(first, 'level_1')}) CROSS JOIN (${levelsOf(second, 'level_2')})
    LEFT JOIN (${counts(name, dims)}) ON counted_1 IS NOT DISTINCT FROM level_1 AND counted_2 IS NOT DISTINCT FROM level_2`;
}

const levelsOf = (dimension: Dimension | undefined, as: string): Sql =>
  dimension === undefined
    ? sql`SELECT NULL::VARCHAR AS ${ident(as)}`
    : sql`SELECT level AS ${ident(as)} FROM levels WHERE dimension = ${dimension}`;

/** `CUBE` gives null for a margin; no child has a null level. */
function counts(measure: string, dims: TableDims): Sql {
  const level = (dimension: Dimension | undefined) =>
    dimension === undefined ? sql`NULL::VARCHAR` : sql`coalesce(${ident(dimension)}, ${TOTAL})`;
  const cube = dims.length === 0 ? sql`` : sql`GROUP BY CUBE (${sqlJoin(dims.map(ident))})`;
  return sql`
    SELECT ${level(dims[0])} AS counted_1, ${level(dims[1])} AS counted_2,
      count(*) FILTER (WHERE verdict = 'yes') AS yes,
      count(*) FILTER (WHERE verdict = 'no') AS no,
      count(*) FILTER (WHERE verdict = 'unknown') AS unknown,
      count(*) AS total
    FROM ${verdictsTable(measure)} JOIN population USING (person_id)
    ${cube}`;
}
