import type { TableInfo } from '../release/tables.js';

/** What is shown of a table: which rows, in what order, from where on. A view is its address. */
export type View = {
  readonly table: string;
  /** Column and value; an empty value stands for a cell that has none. */
  readonly filters: readonly { readonly column: string; readonly value: string }[];
  readonly sort: { readonly column: string; readonly descending: boolean } | undefined;
  /** From 1 on. */
  readonly page: number;
};

export const wholeTable = (table: string): View => ({ table, filters: [], sort: undefined, page: 1 });

/** Filters carry a prefix, so that a column named `page` or `sort` is nothing special. */
const FILTER = 'is.';
const LAST_PAGE = 1_000_000;

/** Reads a view from the query of an address; whatever does not fit the table is left out. */
export function viewFrom(table: TableInfo, query: URLSearchParams): View {
  const known = (name: string) => table.columns.some((column) => column.name === name);
  const filters = [...query]
    .filter(([name]) => name.startsWith(FILTER) && known(name.slice(FILTER.length)))
    .map(([name, value]) => ({ column: name.slice(FILTER.length), value }));
  const sort = query.get('sort') ?? '';
  const column = sort.replace(/^-/, '');
  const page = Number(query.get('page') ?? '1');
  return {
    table: table.name,
    filters,
    sort: known(column) ? { column, descending: sort.startsWith('-') } : undefined,
    page: Number.isSafeInteger(page) && page >= 1 && page <= LAST_PAGE ? page : 1,
  };
}

/** The query of a view's address, the same for equal views. */
export function queryOf({ filters, sort, page }: View): string {
  const query = new URLSearchParams();
  for (const { column, value } of filters) query.append(`${FILTER}${column}`, value);
  if (sort !== undefined) query.append('sort', `${sort.descending ? '-' : ''}${sort.column}`);
  if (page > 1) query.append('page', String(page));
  return query.toString();
}

/** With another filter on a column, or none; back on the first page. */
export const refined = (view: View, column: string, value: string | undefined): View => ({
  ...view,
  page: 1,
  filters: [
    ...view.filters.filter((filter) => filter.column !== column),
    ...(value === undefined ? [] : [{ column, value }]),
  ],
});

/** Sorted by a column; the other way round if it was already. */
export const sorted = (view: View, column: string): View => ({
  ...view,
  page: 1,
  sort: { column, descending: view.sort?.column === column && !view.sort.descending },
});
