import { ident, type Sql, sql } from '@throughline/engine';

export const verdictsName = (measure: string): string => `verdicts_${measure}`;

/** Where the verdicts of a measure stand. */
export const verdictsTable = (measure: string): Sql => ident(verdictsName(measure));

/** A coverage row: the number of rows of a FROM clause. */
export const countOf = (name: string, from: Sql): Sql =>
  sql`SELECT ${name}::VARCHAR AS name, NULL::VARCHAR AS "by", count(*) AS count FROM ${from}`;

/** A coverage row for each row of a SELECT of `by` and `count`. */
export const countsBy = (name: string, select: Sql): Sql =>
  sql`SELECT ${name}::VARCHAR AS name, "by", count FROM (${select})`;
