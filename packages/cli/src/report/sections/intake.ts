import {
  count,
  counted,
  dateInWords,
  figure,
  foldedTable,
  html,
  inWords,
  isDate,
  legend,
  type Markup,
  nothing,
  percentOf,
  type Table,
  type TableCell,
  table,
  words,
} from '@throughline/pages';
import { intakeChart, intakeKeys } from '../charts/intake.js';
import type { Night, NightCount, NightExtract, NightPartner } from '../night.js';
import {
  gathered,
  type RowTotals,
  rowsOfExtract,
  rowsOfNight,
  rowsOfPartner,
  unaccounted,
} from '../totals.js';
import { section } from './section.js';

const reasonList = (heading: string, counts: readonly NightCount[]): Markup =>
  counts.length === 0
    ? nothing
    : html`
<h4>${heading}</h4>
<ul class="reasons">
${counts.map(({ name, value }) => html`<li><span>${inWords(name)}</span> <b>${count(value)}</b></li>`)}
</ul>`;

const reasonsOf = ({ extracts }: NightPartner): Markup => {
  const rejected = gathered(extracts.map((extract) => extract.rejected));
  const quarantined = gathered(extracts.map((extract) => extract.quarantined));
  const excluded = gathered(extracts.map((extract) => extract.excluded));
  const noted = gathered(extracts.map((extract) => extract.noted));
  if (rejected.length + quarantined.length + excluded.length + noted.length === 0) {
    return html`<p class="beside">Every row was kept and no value was set aside.</p>`;
  }
  return html`${reasonList('Rows rejected', rejected)}${reasonList('Rows quarantined', quarantined)}${reasonList('Rows excluded', excluded)}${reasonList('Values set aside in kept rows', noted)}`;
};

const outcomesOf = ({
  name,
  rejected,
  quarantined,
  excluded,
  noted,
}: NightExtract): readonly (readonly TableCell[])[] =>
  [
    { outcome: 'row rejected', counts: rejected },
    { outcome: 'row quarantined', counts: quarantined },
    { outcome: 'row excluded', counts: excluded },
    { outcome: 'value set aside', counts: noted },
  ].flatMap(({ outcome, counts }) =>
    counts.map((each) => [inWords(name), outcome, inWords(each.name), count(each.value)]),
  );

const reasonTable = (partner: NightPartner): Table => ({
  caption: `Reasons by extract of ${inWords(partner.name)}`,
  columns: [words('Extract'), words('What happened'), words('Reason'), figure('Count')],
  rows: partner.extracts.flatMap(outcomesOf),
});

const standingNote = ({ standing: { state, since, hold } }: NightPartner): Markup => {
  if (state === 'current') return nothing;
  const day = isDate(since)
    ? html`<time datetime="${since}">${dateInWords(since)}</time>`
    : html`<span>${since}</span>`;
  return state === 'held'
    ? html`<p class="stale" role="note"><strong>Held, stale.</strong> The new delivery is held as ${hold}; what is shown and used is of ${day}.</p>`
    : html`<p class="stale" role="note"><strong>Stale.</strong> Nothing new came; what is shown and used is of ${day}.</p>`;
};

const partnerCard = (partner: NightPartner, at: number): Markup => {
  const rows = rowsOfPartner(partner);
  const reasons = reasonTable(partner);
  return html`
<article class="card">
<div class="split">
<div>
<h3>${inWords(partner.name)}</h3>
<p class="beside">${counted(rows.rowsIn, 'row', 'rows')} in ${counted(partner.extracts.length, 'extract', 'extracts')}, ${percentOf(rows.kept, rows.rowsIn)} kept</p>
${standingNote(partner)}
</div>
<figure>${intakeChart(partner, `intake-${at}`)}</figure>
<div>${reasonsOf(partner)}</div>
</div>
${reasons.rows.length === 0 ? nothing : foldedTable('Reasons, extract by extract', reasons)}
</article>`;
};

const rowCells = (name: string, extract: string, totals: RowTotals): readonly TableCell[] => [
  name,
  extract,
  count(totals.rowsIn),
  count(totals.kept),
  count(totals.rejected),
  count(totals.quarantined),
  count(totals.excluded),
  count(unaccounted(totals)),
];

const extractTable = (night: Night): Table => ({
  caption: 'Rows of every extract: rows in are those kept, rejected, quarantined and excluded',
  columns: [
    words('Partner'),
    words('Extract'),
    ...['Rows in', 'Kept', 'Rejected', 'Quarantined', 'Excluded', 'Unaccounted'].map(figure),
  ],
  rows: [
    ...night.partners.flatMap((partner) =>
      partner.extracts.map((extract) =>
        rowCells(inWords(partner.name), inWords(extract.name), rowsOfExtract(extract)),
      ),
    ),
    rowCells('All partners', '', rowsOfNight(night)),
  ],
});

export const intakeSection = (night: Night): Markup =>
  section(
    {
      id: 'intake',
      heading: 'What arrived',
      standing: 'internal',
      says: 'Each bar is one extract as a partner sent it: how many of its rows were kept, and why the others were not. Slivers are widened so that they can be seen; the numbers are exact.',
      cannotSay:
        'Whether an extract was complete. A child whom a partner never entered leaves no row to count, and a row that is kept can still be wrong.',
    },
    [
      legend(intakeKeys),
      html`<div class="cards">${night.partners.map(partnerCard)}</div>`,
      html`<details><summary>All extracts as a table</summary>${table(extractTable(night))}</details>`,
    ],
  );
