import { ident, type Sql, sql, sqlJoin } from '@throughline/engine';
import type { Measure, Plan } from '../definition/measure.js';
import { TOTAL } from '../population/dimensions.js';
import { type TableDims, tableName, tablesOf } from './cells.js';

type Asked = Parameters<typeof tablesOf>[0];
type Planned = { readonly measure: Measure; readonly plan: Plan };

export const amountsTable = ({ name }: Measure): string => `amounts_${name}`;

/** Measures that have a volume beside their count of children. */
export const withAmounts = (planned: readonly Planned[]): readonly { measure: Measure; amounts: Sql }[] =>
  planned.flatMap(({ measure, plan }) =>
    plan.amounts === undefined ? [] : [{ measure, amounts: plan.amounts }],
  );

/**
 * Volume (the sum), reach (children who add anything) and median of every table of those measures; the average is
 * volume / reach. Exact, and as sensitive as the cells.
 */
export function allMagnitudes(asked: Asked, planned: readonly Planned[]): Sql {
  const selects = withAmounts(planned).flatMap(({ measure }) =>
    tablesOf(asked).map((dims) => magnitudes(measure, dims)),
  );
  return selects.length === 0 ? nothing : sqlJoin(selects, sql` UNION ALL `);
}

const nothing = sql`
  SELECT ''::VARCHAR AS measure, ''::VARCHAR AS table_name, NULL::VARCHAR AS dim_1, NULL::VARCHAR AS level_1,
    NULL::VARCHAR AS dim_2, NULL::VARCHAR AS level_2, ''::VARCHAR AS unit, 0::BIGINT AS reach, 0::BIGINT AS volume,
    0::BIGINT AS largest, 0::BIGINT AS second, 0::DOUBLE AS median
  WHERE false`;

function magnitudes(measure: Measure, dims: TableDims): Sql {
  const { name, amount } = measure;
  const [first, second] = dims;
  const level = (dimension: string | undefined) =>
    dimension === undefined ? sql`NULL::VARCHAR` : sql`coalesce(${ident(dimension)}, ${TOTAL})`;
  const cube = dims.length === 0 ? sql`` : sql`GROUP BY CUBE (${sqlJoin(dims.map(ident))})`;
  return sql`
    SELECT ${name}::VARCHAR AS measure, ${tableName(name, dims)}::VARCHAR AS table_name,
      ${first ?? null}::VARCHAR AS dim_1, level_1, ${second ?? null}::VARCHAR AS dim_2, level_2,
      ${amount?.unit ?? ''}::VARCHAR AS unit, reach, volume,
      coalesce(amounts[1], 0) AS largest, coalesce(amounts[2], 0) AS second, median
    FROM (
      SELECT ${level(first)} AS level_1, ${level(second)} AS level_2,
        count(*) FILTER (WHERE amount > 0) AS reach, coalesce(sum(amount), 0)::BIGINT AS volume,
        list_reverse_sort(list(amount)) AS amounts,
        (median(amount) FILTER (WHERE amount > 0))::DOUBLE AS median
      FROM ${ident(amountsTable(measure))} JOIN population USING (person_id)
      ${cube}
    )`;
}
