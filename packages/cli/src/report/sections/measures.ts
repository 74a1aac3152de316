import {
  byDimension,
  count,
  dimensionFigure,
  everyoneOf,
  figure,
  foldedTable,
  html,
  inWords,
  legend,
  type Markup,
  nothing,
  overallLine,
  placeOf,
  subgroupKeys,
  type Table,
  words,
} from '@throughline/pages';
import type { Night, NightMeasure } from '../night.js';
import { section } from './section.js';

const overall = (measure: NightMeasure): Markup => {
  const row = everyoneOf(measure.rows);
  return row === undefined ? nothing : overallLine(row);
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
  const everyone = placeOf(everyoneOf(measure.rows)?.ratePercent ?? null);
  const figures = [...byDimension(measure.rows)].map(([dimension, rows], place) =>
    dimensionFigure({
      id: `measure-${at}-${place}`,
      under: 3,
      measure: measure.title,
      dimension,
      rows,
      everyone,
    }),
  );
  return html`
<article class="card">
<h3>${measure.title}</h3>
${overall(measure)}
<div class="multiples">${figures}</div>
${besideRates(measure)}
</article>`;
};

export const measuresSection = (night: Pick<Night, 'measures'>): Markup =>
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
