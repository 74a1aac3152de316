import { html, type Markup } from './markup.js';

/** `figure` columns hold numbers and stand flush right; the first column heads its row. */
export type Column = { readonly name: string; readonly kind: 'words' | 'figure' };
export type TableCell = string | Markup;

export type Table = {
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly TableCell[])[];
};

export const words = (name: string): Column => ({ name, kind: 'words' });
export const figure = (name: string): Column => ({ name, kind: 'figure' });

const headCell = ({ name, kind }: Column): Markup => html`<th scope="col" class="${kind}">${name}</th>`;

const bodyCell = (cell: TableCell, column: Column | undefined, at: number): Markup =>
  at === 0 ? html`<th scope="row">${cell}</th>` : html`<td class="${column?.kind ?? 'words'}">${cell}</td>`;

const bodyRow = (row: readonly TableCell[], columns: readonly Column[]): Markup =>
  html`<tr>${row.map((cell, at) => bodyCell(cell, columns[at], at))}</tr>`;

/** Wide tables scroll by themselves, by keyboard too, so that the page never does. */
export const table = ({ caption, columns, rows }: Table): Markup => html`
<div class="scroll" role="region" aria-label="${caption}" tabindex="0">
<table>
<caption>${caption}</caption>
<thead><tr>${columns.map(headCell)}</tr></thead>
<tbody>
${rows.map((row) => bodyRow(row, columns))}
</tbody>
</table>
</div>`;

/** The numbers of a chart for those who read rather than look; folded away, open to everybody. */
export const foldedTable = (summary: string, content: Table): Markup => html`
<details>
<summary>${summary}</summary>
${table(content)}
</details>`;

export const withheld = html`<span class="withheld">withheld</span>`;
