import { ident, type Sql, sql, sqlJoin } from '@throughline/engine';
import { verdictsTable } from '../definition/counts.js';
import type { Measure } from '../definition/measure.js';
import { type Dimension, TOTAL, UNKNOWN } from '../population/dimensions.js';

/** The dimensions of a table by name: none (the grand total alone), one or two. */
export type TableDims = readonly [] | readonly [string] | readonly [string, string];

type Asked = {
  readonly dimensions: readonly Dimension[];
  readonly two_way: readonly (readonly [Dimension, Dimension])[];
};

/** The tables of every measure: the total, one a dimension, and the two-way tables asked for. */
export const tablesOf = ({ dimensions, two_way }: Asked): readonly TableDims[] => [
  [],
  ...dimensions.map((each): TableDims => [each]),
  ...two_way,
];

/** The tables of an outcome by access: by band, and by band within each grade band, where there are any. */
const crossedTables = (access: string, { dimensions }: Asked): readonly TableDims[] => [
  [access],
  ...(dimensions.includes('grade_band') ? [['grade_band', access] as const] : []),
];

/** `<measure>.total`, `<measure>.school`, `<measure>.school_x_grade_band`. */
export const tableName = (measure: string, dims: TableDims): string =>
  `${measure}.${dims.length === 0 ? 'total' : dims.join('_x_')}`;

/** Whose verdicts are counted, under which name, among which persons with which levels. */
export type Counted = {
  readonly name: string;
  readonly population: string;
  /** A table of `person_id` and a column a dimension. */
  readonly persons: Sql;
  /** A table of `dimension`, `level`. */
  readonly levels: Sql;
};

/** All counts of a measure: what the tables `cells` and `rates` are made from. */
export function countsOf({ name, population, crossing, onRecord }: Measure, asked: Asked): Sql {
  // Children off every roll have levels of their own, which no other measure needs a row for.
  const levels = onRecord === undefined ? sql`levels` : sql`levels_on_record`;
  const plain = { name, population, persons: sql`population`, levels };
  if (crossing === undefined) return tableCounts(plain, tablesOf(asked));
  const { outcome, access, banded } = crossing;
  const crossed = {
    name: outcome,
    population,
    persons: personsByAccess(access, banded),
    levels: levelsByAccess(access, banded),
  };
  return tableCounts(crossed, crossedTables(access, asked));
}

/** A child whom the access measure does not count is at another level, so that no child of the outcome is lost. */
const personsByAccess = (access: string, banded: string): Sql => sql`(
  SELECT population.*, coalesce(firm, 'other') AS ${ident(access)}
  FROM population LEFT JOIN ${ident(banded)} USING (person_id))`;

const levelsByAccess = (access: string, banded: string): Sql => sql`(
  SELECT dimension, level FROM levels
  UNION ALL SELECT ${access}::VARCHAR, level FROM (
    SELECT DISTINCT coalesce(firm, 'other') AS level FROM population LEFT JOIN ${ident(banded)} USING (person_id) WHERE enrolled_in_period
    UNION ALL SELECT ${TOTAL}::VARCHAR))`;

export const tableCounts = (counted: Counted, tables: readonly TableDims[]): Sql =>
  sqlJoin(
    tables.map((dims) => tableCells(counted, dims)),
    sql` UNION ALL `,
  );

/**
 * A table's cells: the full crossing of all levels that any child has, with empty combinations and all margins
 * (level `Total`). The total table has no dimension and one row. Without the crossing a missing row would be a
 * zero that everybody can read.
 */
function tableCells(counted: Counted, dims: TableDims): Sql {
  const { name, population } = counted;
  const [first, second] = dims;
  const counts = countNames.map((count) => sql`coalesce(${ident(count)}, 0) AS ${ident(count)}`);
  return sql`
    SELECT ${name}::VARCHAR AS measure, ${population}::VARCHAR AS population, ${tableName(name, dims)}::VARCHAR AS table_name,
      ${first ?? null}::VARCHAR AS dim_1, level_1, ${second ?? null}::VARCHAR AS dim_2, level_2, ${sqlJoin(counts)}
    FROM (${levelsOf(counted, first, 'level_1')}) CROSS JOIN (${levelsOf(counted, second, 'level_2')})
    LEFT JOIN (${grouped(counted, dims)}) ON counted_1 IS NOT DISTINCT FROM level_1 AND counted_2 IS NOT DISTINCT FROM level_2`;
}

const countNames = ['yes', 'no', 'unknown', 'total', 'yes_exact', 'yes_probable', 'yes_weak'] as const;

const levelsOf = ({ levels }: Counted, dimension: string | undefined, as: string): Sql =>
  dimension === undefined
    ? sql`SELECT NULL::VARCHAR AS ${ident(as)}`
    : sql`SELECT level AS ${ident(as)} FROM ${levels} WHERE dimension = ${dimension}`;

/** `CUBE` gives null for a margin; no child has a null level. */
function grouped({ name, persons }: Counted, dims: TableDims): Sql {
  const level = (dimension: string | undefined) =>
    dimension === undefined ? sql`NULL::VARCHAR` : sql`coalesce(${ident(dimension)}, ${TOTAL})`;
  const cube = dims.length === 0 ? sql`` : sql`GROUP BY CUBE (${sqlJoin(dims.map(ident))})`;
  return sql`
    SELECT ${level(dims[0])} AS counted_1, ${level(dims[1])} AS counted_2,
      count(*) FILTER (WHERE verdict = 'yes') AS yes,
      count(*) FILTER (WHERE verdict = 'no') AS no,
      count(*) FILTER (WHERE verdict = ${UNKNOWN}) AS unknown,
      count(*) AS total,
      count(*) FILTER (WHERE verdict = 'yes' AND basis = 'exact') AS yes_exact,
      count(*) FILTER (WHERE verdict = 'yes' AND basis = 'probable') AS yes_probable,
      count(*) FILTER (WHERE verdict = 'yes' AND basis = 'weak') AS yes_weak
    FROM ${verdictsTable(name)} JOIN ${persons} AS persons USING (person_id)
    ${cube}`;
}
