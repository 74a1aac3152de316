import {
  count,
  counted,
  figure,
  foldedTable,
  html,
  legend,
  type Markup,
  percentOf,
  type Table,
  type TableCell,
  words,
} from '@throughline/pages';
import { tableTitle, withheldChart, withheldKeys } from '../charts/withheld.js';
import type { Night, NightMeasure } from '../night.js';
import { cellsOfMeasure, cellsOfNight } from '../totals.js';
import { section } from './section.js';

type OfWithheld = Pick<Night, 'measures' | 'agreements' | 'release'>;

const cells = (withheld: number, all: number): readonly TableCell[] => [
  count(all),
  count(withheld),
  percentOf(withheld, all),
];

const withheldTable = (night: OfWithheld): Table => {
  const all = cellsOfNight(night);
  return {
    caption: 'Cells of the release candidate and how many are withheld, by table',
    columns: [words('Measure'), words('Table'), ...['Cells', 'Withheld', 'Share'].map(figure)],
    rows: [
      ...night.measures.flatMap((measure) =>
        measure.tables.map((each) => [
          measure.title,
          tableTitle(measure, each),
          ...cells(each.withheld, each.cells),
        ]),
      ),
      ['All measures', '', ...cells(all.withheld, all.cells)],
    ],
  };
};

const measureCard = (measure: NightMeasure, at: number): Markup => {
  const all = cellsOfMeasure(measure);
  return html`
<article class="card">
<h3>${measure.title}</h3>
<p class="beside">${count(all.withheld)} of ${counted(all.cells, 'cell', 'cells')} withheld (${percentOf(all.withheld, all.cells)})</p>
<figure>${withheldChart(measure, `withheld-${at}`)}</figure>
</article>`;
};

const titleOf = ({ agreements }: OfWithheld, id: string): string =>
  agreements.find((agreement) => agreement.id === id)?.title ?? id;

const ruleWords = (night: OfWithheld): string => {
  const { minCell, minCellFrom, minIntervalWidth } = night.release;
  return `A count of children from 1 to ${count(minCell - 1)} is never published, nor is anything from which one could be worked out within ${count(minIntervalWidth)} children. The strictest document sets the line: ${titleOf(night, minCellFrom)}.`;
};

export const withheldSection = (night: OfWithheld): Markup =>
  section(
    {
      id: 'withheld',
      heading: 'What is withheld',
      standing: 'internal',
      says: ruleWords(night),
      cannotSay:
        'Which withheld cells are small. Large cells are withheld too, to shield small ones, and no reason is given for any single cell, as the reason would give it away.',
    },
    [
      legend(withheldKeys),
      html`<div class="cards pair">${night.measures.map(measureCard)}</div>`,
      foldedTable('All tables as one', withheldTable(night)),
    ],
  );
