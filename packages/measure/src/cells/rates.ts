import { type Sql, sql, sqlJoin } from '@throughline/engine';
import type { Measure, Plan } from '../definition/measure.js';

const place = sql`measure, table_name, dim_1, level_1, dim_2, level_2`;

export const cellsOf = (counted: Sql): Sql =>
  sql`SELECT measure, population, table_name, dim_1, level_1, dim_2, level_2, yes, no, unknown, total FROM ${counted}`;

/**
 * One row a cell: numerator, denominator and unknown together, the links that the numerator rests on, and how far the
 * truth can be. `at_least`: only exact links are right. `at_most`: every unknown is a yes, and every person of the
 * source who is linked to no school record is a child of this very cell.
 */
export const ratesOf = (counted: Sql, unlinked: Sql): Sql => sql`
  SELECT ${place}, yes AS numerator, yes + no AS denominator, unknown, total,
    yes_exact AS by_exact_links, yes_probable AS by_probable_links, yes_weak AS by_weak_links,
    yes_exact AS at_least, least(total, yes + unknown + unlinked) AS at_most
  FROM ${counted} JOIN ${unlinked} USING (measure)`;

type Planned = { readonly measure: Measure; readonly plan: Plan };

/** One row a measure with cells of its own: persons of its source who are linked to no school record. */
export const unlinkedCounts = (planned: readonly Planned[]): Sql =>
  sqlJoin(
    planned
      .filter(({ measure }) => measure.crossing === undefined)
      .map(
        ({ measure, plan }) =>
          sql`SELECT ${measure.name}::VARCHAR AS measure, count AS unlinked FROM (${plan.unlinked})`,
      ),
    sql` UNION ALL `,
  );
