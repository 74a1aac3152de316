import {
  count,
  counted,
  coverageText,
  dateInWords,
  everyoneOf,
  html,
  isEmptyGroup,
  isRateWithheld,
  listed,
  type Markup,
  nothing,
  percentOf,
  type ReleasedRow,
  rateText,
} from '@throughline/pages';
import { type Matter, mattersOf } from '../matters.js';
import type { Night, NightMeasure } from '../night.js';
import { bases, cellsOfNight, linksOfBasis, linksOfNight, rowsOfNight, sumOf } from '../totals.js';

type Tile = { readonly name: string; readonly figure: string; readonly beside: string };

const tilesOf = (night: Night): readonly Tile[] => {
  const rows = rowsOfNight(night);
  const links = linksOfNight(night);
  const cells = cellsOfNight(night);
  const extracts = sumOf(night.partners.map((partner) => partner.extracts.length));
  const shares = bases.map((basis) => `${percentOf(linksOfBasis(night.passes, basis), links)} ${basis}`);
  return [
    { name: 'Rows read', figure: count(rows.rowsIn), beside: `${percentOf(rows.kept, rows.rowsIn)} kept` },
    {
      name: 'Rows rejected',
      figure: count(rows.rejected),
      beside: `in ${counted(extracts, 'extract', 'extracts')} of ${counted(night.partners.length, 'partner', 'partners')}`,
    },
    {
      name: 'Links made',
      figure: count(links),
      beside: links === 0 ? 'no pass made any' : listed(shares),
    },
    {
      name: 'Persons',
      figure: count(night.people.persons),
      beside: `from ${counted(night.people.records, 'record', 'records')}`,
    },
    {
      name: 'Cells withheld',
      figure: count(cells.withheld),
      beside: `of ${count(cells.cells)} (${percentOf(cells.withheld, cells.cells)})`,
    },
  ];
};

const tile = ({ name, figure, beside }: Tile): Markup =>
  html`<div><dt>${name}</dt><dd><span class="big">${figure}</span> <span class="beside">${beside}</span></dd></div>`;

const childrenOf = ({ total }: ReleasedRow): string =>
  total === null ? 'a withheld number of children' : counted(total, 'child', 'children');

const headlineWords = (row: ReleasedRow): string => {
  if (isEmptyGroup(row)) return 'Nobody is in this measure.';
  if (isRateWithheld(row)) return 'The rate over all children is withheld; it is not zero.';
  if (row.coveragePercent === null) return `Of the children whose answer is known, among ${childrenOf(row)}.`;
  return `Of the children whose answer is known: ${coverageText(row)} of ${childrenOf(row)}.`;
};

const headline = (measure: NightMeasure): Markup => {
  const row = everyoneOf(measure.rows);
  if (row === undefined) return nothing;
  return html`
<div class="headline">
<h3>${measure.title}</h3>
<p class="${isRateWithheld(row) ? 'big absent' : 'big'}">${rateText(row)}</p>
<p class="beside">${headlineWords(row)}</p>
</div>`;
};

export const headlines = (measures: readonly NightMeasure[]): Markup =>
  measures.some((measure) => everyoneOf(measure.rows) !== undefined)
    ? html`<div class="headlines">${measures.map(headline)}</div>`
    : nothing;

const lede = (night: Night): string => {
  const rows = rowsOfNight(night);
  const partners = counted(night.partners.length, 'partner', 'partners');
  const kept = `${percentOf(rows.kept, rows.rowsIn)} of ${counted(rows.rowsIn, 'row', 'rows')} kept`;
  const measures = counted(night.measures.length, 'measure', 'measures');
  return `On ${dateInWords(night.day)}, the records of ${partners} were brought together: ${kept}, ${counted(
    night.people.persons,
    'person',
    'persons',
  )} recognised, ${measures} computed.`;
};

export const matterList = (matters: readonly Matter[]): Markup => {
  if (matters.length === 0) {
    return html`<div class="matters calm"><h3>Needs a person</h3><p>Nothing needs a person this morning.</p></div>`;
  }
  return html`
<div class="matters">
<h3>${counted(matters.length, 'matter needs', 'matters need')} a person</h3>
<ul>
${matters.map(({ grave, words }) => html`<li class="${grave ? 'grave' : 'soon'}">${words}</li>`)}
</ul>
</div>`;
};

/** What a superintendent reads in a minute. */
export const glanceSection = (night: Night): Markup => html`
<section id="glance" aria-labelledby="glance-heading">
<h2 id="glance-heading">The night at a glance</h2>
<p class="lede">${lede(night)}</p>
${matterList(mattersOf(night))}
${headlines(night.measures)}
<dl class="tiles">${tilesOf(night).map(tile)}</dl>
<p class="cannot"><strong>How to read this page.</strong> Counts of rows, records, links and persons are for the
city's own desk and are not for publication. The measures are the protected release candidate: what would be
published if two people agreed to. This page itself is a working paper and is not a release.</p>
</section>`;
