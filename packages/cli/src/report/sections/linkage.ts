import {
  count,
  figure,
  foldedTable,
  html,
  inWords,
  legend,
  type Markup,
  percentOf,
  type Table,
  words,
} from '@throughline/pages';
import { linkedChart, linkedKeys } from '../charts/linked.js';
import { basisKeys, passesChart } from '../charts/passes.js';
import type { Night, NightPartner, NightPass } from '../night.js';
import { section } from './section.js';

const passTable = (passes: readonly NightPass[]): Table => ({
  caption: 'Pairs seen and links made, pass by pass, in the order in which they ran, to the next ten',
  columns: [
    words('Pass'),
    words('Basis'),
    ...['Pairs seen', 'Linked', 'Ambiguous, left unlinked', 'Refused'].map(figure),
  ],
  rows: passes.map((pass) => [
    inWords(pass.name),
    pass.basis,
    count(pass.pairs),
    count(pass.linked),
    count(pass.ambiguous),
    count(pass.refused),
  ]),
});

const partnerTable = (partners: readonly NightPartner[]): Table => ({
  caption: 'Records linked to a record of another partner, to the next ten',
  columns: [
    words('Partner'),
    ...['Records', 'Linked', 'Linked share', 'Not linked', 'Cannot be linked'].map(figure),
  ],
  rows: partners.map(({ name, records, linked, unlinkable }) => [
    inWords(name),
    count(records),
    count(linked),
    percentOf(linked, records),
    count(records - linked - unlinkable),
    count(unlinkable),
  ]),
});

const partnersCard = (partners: readonly NightPartner[]): Markup => html`
<article class="card">
<h3>How much of each partner is linked</h3>
${legend(linkedKeys)}
<figure>${linkedChart(partners, 'linked')}</figure>
${foldedTable('Linked share as a table', partnerTable(partners))}
</article>`;

const passesCard = (passes: readonly NightPass[]): Markup => html`
<article class="card">
<h3>How the links were made</h3>
${legend(basisKeys)}
<figure>${passesChart(passes, 'passes')}</figure>
${foldedTable('Passes as a table', passTable(passes))}
</article>`;

export const linkageSection = (night: Night): Markup =>
  section(
    {
      id: 'linkage',
      heading: 'What was linked',
      standing: 'internal',
      says: 'Records of different partners that belong to one child are linked by keyed tokens; nobody here sees a name. Strong evidence is used first, and a pair that could be two children is left apart.',
      cannotSay:
        'Who was missed or wrongly joined. A record that is not linked is often right, as many children are known to one partner only. Links fail more often for children with double surnames, nicknames or many moves, and rates lean with them.',
    },
    [html`<div class="cards pair">${[partnersCard(night.partners), passesCard(night.passes)]}</div>`],
  );
