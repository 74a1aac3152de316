import {
  count,
  figure,
  foldedTable,
  html,
  inSentence,
  inWords,
  legend,
  type Markup,
  nothing,
  type Table,
  type TableCell,
  withheld,
  words,
} from '@throughline/pages';
import { subgroupChart, subgroupKeys } from '../charts/subgroups.js';
import type { Night, NightMeasure } from '../night.js';
import {
  byDimension,
  coverageText,
  everyoneOf,
  isEmptyGroup,
  isRateWithheld,
  placeOf,
  type ReleasedRow,
  rateText,
} from '../released.js';
import { section } from './section.js';

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

const everyonePlace = (measure: NightMeasure): number | null =>
  placeOf(everyoneOf(measure)?.ratePercent ?? null);

const dimensionFigure = (
  measure: NightMeasure,
  { id, dimension, rows }: { id: string; dimension: string; rows: readonly ReleasedRow[] },
): Markup => html`
<figure>
<h4>By ${inSentence(dimension)}</h4>
${subgroupChart({ id, measure: measure.title, dimension, rows, everyone: everyonePlace(measure) })}
${foldedTable('As a table', levelTable(`${measure.title}, by ${inSentence(dimension)}`, rows))}
</figure>`;

const overall = (measure: NightMeasure): Markup => {
  const row = everyoneOf(measure);
  if (row === undefined) return nothing;
  const children = row.total === null ? 'withheld' : count(row.total);
  return html`<p class="overall">All children: <strong>${rateText(row)}</strong> · answer known ${coverageText(row)} · children ${children}</p>`;
};

const coverageTable = ({ title, coverage }: NightMeasure): Table => ({
  caption: `Counts of records beside ${title}: internal, not for publication`,
  columns: [words('What is counted'), words('By'), figure('Count')],
  rows: coverage.map(({ name, by, count: records }) => [
    inWords(name),
    by === null ? 'all' : inWords(by),
    count(records),
  ]),
});

const besideRates = (measure: NightMeasure): Markup =>
  measure.coverage.length === 0
    ? nothing
    : foldedTable('Counts of records beside this measure (internal)', coverageTable(measure));

const measureCard = (measure: NightMeasure, at: number): Markup => {
  const figures = [...byDimension(measure)].map(([dimension, rows], place) =>
    dimensionFigure(measure, { id: `measure-${at}-${place}`, dimension, rows }),
  );
  return html`
<article class="card">
<h3>${measure.title}</h3>
${overall(measure)}
<div class="multiples">${figures}</div>
${besideRates(measure)}
</article>`;
};

export const measuresSection = (night: Night): Markup =>
  section(
    {
      id: 'measures',
      heading: 'What the measures say',
      standing: 'candidate',
      says: 'Each bar is the rate of one group of children, among those whose answer is known; the tall line shows for how many it is known. All charts have one scale, from 0 to 100%.',
      cannotSay:
        'Why groups differ, or whether a programme caused it. Where few answers are known the rate may be far off. A withheld rate is not zero, not small and not bad: it is not shown, so that no child can be recognised.',
    },
    [legend(subgroupKeys), html`<div class="cards">${night.measures.map(measureCard)}</div>`],
  );
