import {
  ident,
  type QuestionLimits,
  type Shown,
  type Sql,
  sql,
  sqlEmpty,
  sqlJoin,
} from '@throughline/engine';
import type { Release } from '../release/open-release.js';
import type { ColumnInfo, TableInfo } from '../release/tables.js';
import type { View } from './view.js';

/** Rows on a page. */
export const PAGE_ROWS = 100;

/** A column with more values than this is no way to narrow a table down. */
const FACET_VALUES = 80;

const OWN_QUERIES: QuestionLimits = { rows: 1_000_000, ms: 20_000 };

const asText = (column: string): Sql => sql`coalesce(CAST(${ident(column)} AS VARCHAR), '')`;

const where = ({ filters }: View): Sql =>
  filters.length === 0
    ? sqlEmpty
    : sql` WHERE ${sqlJoin(
        filters.map(({ column, value }) => sql`${asText(column)} = ${value}`),
        sql` AND `,
      )}`;

/** Rows without an order of their own come in the order in which they were released. */
const ordered = ({ sort }: View): Sql => {
  if (sort === undefined) return sqlEmpty;
  const direction = sort.descending ? sql`DESC` : sql`ASC`;
  return sql` ORDER BY ${ident(sort.column)} ${direction} NULLS LAST, rowid`;
};

const selected = ({ columns }: TableInfo, view: View): Sql =>
  sql`SELECT ${sqlJoin(columns.map(({ name }) => ident(name)))} FROM ${ident(view.table)}${where(view)}${ordered(view)}`;

export type Rows = readonly (readonly Shown[])[];

/** The rows of one page of a view. */
export const pageOf = async ({ database }: Release, table: TableInfo, view: View): Promise<Rows> => {
  const { rows } = await database.answer(
    sql`${selected(table, view)} LIMIT ${PAGE_ROWS} OFFSET ${(view.page - 1) * PAGE_ROWS}`,
    OWN_QUERIES,
  );
  return rows;
};

/** At most so many rows of a view, all its pages together. */
export const rowsOf = async (
  { database }: Release,
  table: TableInfo,
  { view, most }: { readonly view: View; readonly most: number },
): Promise<Rows> => (await database.answer(selected(table, view), { ...OWN_QUERIES, rows: most })).rows;

export const countOf = async ({ database }: Release, view: View): Promise<number> => {
  const { rows } = await database.answer(
    sql`SELECT count(*) FROM ${ident(view.table)}${where(view)}`,
    OWN_QUERIES,
  );
  return Number(rows[0]?.[0] ?? 0);
};

export type Facet = {
  readonly column: ColumnInfo;
  readonly values: readonly { readonly value: string; readonly rows: number }[];
};

/** Percentages are text, since `<1` is one of them; nobody narrows a table down by them. */
const isOfWords = ({ name, type }: ColumnInfo): boolean =>
  /^(?:VARCHAR$|ENUM\()/.test(type) && !name.endsWith('_percent');

/**
 * For each column of words with few values: the values, and how many rows of the view each would leave, whatever its
 * own filter.
 */
export async function facetsOf(release: Release, table: TableInfo, view: View): Promise<readonly Facet[]> {
  const facets: Facet[] = [];
  for (const column of table.columns.filter(isOfWords)) {
    const others = { ...view, filters: view.filters.filter((filter) => filter.column !== column.name) };
    const { rows, cut } = await release.database.answer(
      sql`SELECT ${asText(column.name)} AS value, count(*) FROM ${ident(table.name)}${where(others)} GROUP BY 1 ORDER BY 1`,
      { ...OWN_QUERIES, rows: FACET_VALUES },
    );
    if (cut || rows.length < 2) continue;
    facets.push({
      column,
      values: rows.map(([value, count]) => ({ value: String(value), rows: Number(count) })),
    });
  }
  return facets;
}
