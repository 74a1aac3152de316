import type { Shown } from '@throughline/engine';
import { count, html, type Markup, nothing, withheld } from '@throughline/pages';

export type GridColumn = {
  readonly name: string;
  readonly type: string;
  /** What the head of the column says; a link where the grid can be sorted. */
  readonly head: Markup;
};

export type Grid = {
  readonly caption: string;
  readonly columns: readonly GridColumn[];
  readonly rows: readonly (readonly Shown[])[];
};

const NUMBERS = /^(?:U?(?:BIG|HUGE|SMALL|TINY)INT|U?INTEGER|DOUBLE|FLOAT|DECIMAL)/;

const isNumber = ({ type }: GridColumn): boolean => NUMBERS.test(type);

/** An empty cell of a row that is withheld, wholly or in part, says so; any other is simply empty. */
const cell = (value: Shown | undefined, column: GridColumn, rowWithheld: boolean): Markup => {
  if (value === null || value === undefined)
    return rowWithheld && (isNumber(column) || column.name.endsWith('_percent'))
      ? html`<td class="figure">${withheld}</td>`
      : html`<td></td>`;
  const printed = typeof value === 'number' && Number.isInteger(value) ? count(value) : String(value);
  return html`<td class="${isNumber(column) ? 'figure' : 'words'}">${printed}</td>`;
};

/** Rows as they were released or asked for. Wide ones scroll by themselves, by keyboard too. */
export const grid = ({ caption, columns, rows }: Grid): Markup => {
  const status = columns.findIndex(({ name }) => name === 'status');
  return html`
<div class="scroll" role="region" aria-label="${caption}" tabindex="0">
<table class="grid">
<caption>${caption}</caption>
<thead><tr>${columns.map((column) => html`<th scope="col" class="${isNumber(column) ? 'figure' : 'words'}">${column.head}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => {
  const rowWithheld = row[status] === 'withheld' || row[status] === 'range';
  return html`<tr>${columns.map((column, at) => cell(row[at], column, rowWithheld))}</tr>`;
})}
</tbody>
</table>
</div>
${rows.length === 0 ? html`<p>No row fits.</p>` : nothing}`;
};
