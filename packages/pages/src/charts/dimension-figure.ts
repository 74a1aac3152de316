import { html, type Markup } from '../markup.js';
import { coverageText, isEmptyGroup, isRateWithheld, type ReleasedRow, rateText } from '../rates.js';
import { figure, foldedTable, type Table, type TableCell, withheld, words } from '../table.js';
import { count, inSentence, inWords } from '../words.js';
import { type Subgroups, subgroupChart } from './subgroups.js';

const coverageCell = (row: ReleasedRow): TableCell =>
  row.coveragePercent === null && !isEmptyGroup(row) ? withheld : coverageText(row);

const rowCells = (row: ReleasedRow): readonly TableCell[] => [
  inWords(row.level),
  isRateWithheld(row) ? withheld : rateText(row),
  coverageCell(row),
  row.total === null ? withheld : count(row.total),
];

const levelTable = (caption: string, rows: readonly ReleasedRow[]): Table => ({
  caption,
  columns: [words('Group'), ...['Rate', 'Answer known', 'Children'].map(figure)],
  rows: rows.map(rowCells),
});

/** One level below the heading that it stands under. */
const heading = ({ dimension, under }: Subgroups): Markup =>
  under === 2 ? html`<h3>By ${inSentence(dimension)}</h3>` : html`<h4>By ${inSentence(dimension)}</h4>`;

/** One chart of a measure by one dimension, with its numbers folded under it. */
export const dimensionFigure = (subgroups: Subgroups): Markup => html`
<figure>
${heading(subgroups)}
${subgroupChart(subgroups)}
${foldedTable('As a table', levelTable(`${subgroups.measure}, by ${inSentence(subgroups.dimension)}`, subgroups.rows))}
</figure>`;

/** The rate over all children in a line, with for how many it is known beside it. */
export const overallLine = (row: ReleasedRow): Markup => {
  const children = row.total === null ? 'withheld' : count(row.total);
  return html`<p class="overall">All children: <strong>${rateText(row)}</strong> · answer known ${coverageText(row)} · children ${children}</p>`;
};
