import { count, html, inWords, type Markup, nothing } from '@throughline/pages';
import type { TableInfo } from '../release/tables.js';
import { countOf, type Facet, facetsOf, PAGE_ROWS, pageOf, type Rows } from '../view/query.js';
import { refined, sorted, type View } from '../view/view.js';
import { definitionCard } from './definition.js';
import { link, page, type Site } from './frame.js';
import { grid } from './grid.js';
import { downloadFormats } from './place.js';

/** How a value is called on a page; no value has a name too. */
const named = (value: string): string => (value === '' ? '(none)' : value);

const facetBlock = (site: Site, view: View, { column, values }: Facet): Markup => {
  const chosen = view.filters.find((filter) => filter.column === column.name)?.value;
  return html`
<details ${chosen === undefined ? nothing : html`open="open"`}>
<summary>${inWords(column.name)}${chosen === undefined ? nothing : html`: <strong>${named(chosen)}</strong>`}</summary>
<ul class="facet">
${chosen === undefined ? nothing : html`<li>${link(site, { kind: 'table', view: refined(view, column.name, undefined) }, 'any')}</li>`}
${values.map(
  ({ value, rows }) =>
    html`<li>${link(site, { kind: 'table', view: refined(view, column.name, value) }, named(value))} <span class="beside">${count(rows)}</span></li>`,
)}
</ul>
</details>`;
};

const columnWords = ({ columns }: TableInfo): Markup => html`
<details>
<summary>What the columns mean</summary>
<dl class="glossary">${columns.map(({ name, words }) => html`<dt>${name}</dt><dd>${words}</dd>`)}</dl>
</details>`;

const downloads = (site: Site, view: View): Markup => html`
<p class="downloads">Download these rows: ${downloadFormats.map((format) => html`${link(site, { kind: 'table-download', view, format }, format)} `)}</p>`;

const pager = (site: Site, view: View, total: number): Markup => {
  const last = Math.max(1, Math.ceil(total / PAGE_ROWS));
  const step = (to: number, words: string) =>
    to < 1 || to > last ? nothing : link(site, { kind: 'table', view: { ...view, page: to } }, words);
  return html`<p class="pager">${step(view.page - 1, 'Previous')} page ${count(view.page)} of ${count(last)} ${step(view.page + 1, 'Next')}</p>`;
};

/** The definition that the rows share, if a filter leaves one measure. */
const definitionOf = ({ release }: Site, { filters }: View) => {
  const chosen = (name: string) => filters.find(({ column }) => column === name)?.value;
  const measure = chosen('measure') ?? chosen('table_name')?.split('.')[0];
  return release.definitions.find(({ name }) => name === measure);
};

const sortMark = ({ sort }: View, column: string): string => {
  if (sort?.column !== column) return '';
  return sort.descending ? ' ↓' : ' ↑';
};

/** A table as files cannot filter it: all its rows on one page, as far as they go. */
export type WholePage = { readonly rows: Rows; readonly total: number };

/** A table with its columns explained, ways to narrow it down, and what is left of it. */
export async function tablePage(
  site: Site,
  table: TableInfo,
  view: View,
  whole?: WholePage,
): Promise<string> {
  const { release } = site;
  const facets = await facetsOf(release, table, view);
  const total = whole?.total ?? (await countOf(release, view));
  const rows = whole?.rows ?? (await pageOf(release, table, view));
  const definition = definitionOf(site, view);
  const shown =
    rows.length < total ? `${count(rows.length)} of ${count(total)} rows` : `${count(total)} rows`;
  return page(site, inWords(table.name), [
    html`<p class="says">${table.words}</p>`,
    definition === undefined ? nothing : definitionCard(definition),
    columnWords(table),
    html`<div class="facets" role="group" aria-label="Narrow the rows down">${facets.map((facet) => facetBlock(site, view, facet))}</div>`,
    downloads(site, view),
    grid({
      caption: `${inWords(table.name)}: ${shown}`,
      columns: table.columns.map((column) => ({
        ...column,
        head: html`${link(site, { kind: 'table', view: sorted(view, column.name) }, column.name)}${sortMark(view, column.name)}`,
      })),
      rows,
    }),
    whole === undefined ? pager(site, view, total) : nothing,
    html`<p>${link(site, { kind: 'table', view }, 'Link to this view')}</p>`,
  ]);
}
