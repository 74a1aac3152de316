import {
  count,
  dateInWords,
  figure,
  html,
  inSentence,
  type Markup,
  nothing,
  percentOf,
  styleSheet,
  table,
  textOf,
  words,
} from '@throughline/pages';
import { EXPIRY_NOTICE_DAYS, expiryOf } from '../report/matters.js';
import type { Night } from '../report/night.js';
import { section } from '../report/sections/section.js';
import type { Chain, Link, LinkSource } from './chains.js';
import type { FieldUse, PairRate } from './process.js';

/** What the page shows. Rates are those of the release candidate; everything else is counts of records. */
export type ThroughlinePage = {
  readonly night: Night;
  readonly chains: readonly Chain[];
  readonly pairs: readonly PairRate[];
  readonly fields: readonly FieldUse[];
};

const share = (part: number, whole: number): string => (whole === 0 ? 'none' : percentOf(part, whole));

const standing = (source: LinkSource, day: string): string => {
  if (source.agreement === null || source.expires === null) return 'no agreement in force';
  const soon = expiryOf({ expires: source.expires }, day) !== 'later';
  return `${source.agreement} until ${source.expires}${soon ? ', soon over' : ''}`;
};

const sourceRows = (link: Link, day: string) =>
  link.sources.map((source) => [
    source.partner,
    standing(source, day),
    source.rowsKept === 0 ? 'nothing' : count(source.rowsKept),
    share(source.linked, source.records),
  ]);

const tonight = ({ rate, refused }: Link): string => {
  if (refused !== null) return `not counted: ${refused}`;
  if (rate === null) return 'counted; stays at the desk';
  if (rate.percent === null) return 'withheld, so that no child can be recognised';
  return `${rate.percent} % of those known; known for ${rate.known ?? 'a withheld share'} %`;
};

const linkCard = (link: Link, day: string): Markup => html`
<article class="card">
<h4>${link.title}</h4>
<p class="overall">Tonight: <strong>${tonight(link)}</strong></p>
${table({
  caption: `Where ${link.title} comes from`,
  columns: [words('Partner'), words('Agreement'), figure('Rows kept'), figure('Records linked')],
  rows: sourceRows(link, day),
})}
${link.caveats.length === 0 ? nothing : html`<ul>${link.caveats.map((each) => html`<li>${each}</li>`)}</ul>`}
</article>`;

const chainArticle = (chain: Chain, day: string): Markup => html`
<article class="chain">
<h3>${chain.goal}</h3>
${chain.aim === undefined ? nothing : html`<p>${chain.aim}</p>`}
<p>Initiative: <strong>${chain.initiative.name}</strong>, led by ${chain.initiative.lead} since ${chain.initiative.since}.</p>
<h4>Does it reach children?</h4>
<div class="cards">${chain.access.map((link) => linkCard(link, day))}</div>
<h4>How do children fare?</h4>
<div class="cards">${chain.outcome.map((link) => linkCard(link, day))}</div>
<p>Decided by ${chain.decided.by} on ${chain.decided.on}: ${chain.decided.because}</p>
</article>`;

const pairTable = (pairs: readonly PairRate[]): Markup =>
  table({
    caption: 'Persons of one partner who have a record of another',
    columns: [words('Partner'), words('Other'), figure('Persons'), figure('Share')],
    rows: pairs.map(({ partner, other, persons, both }) => [
      partner,
      other,
      count(persons),
      share(both, persons),
    ]),
  });

const fieldTable = (fields: readonly FieldUse[]): Markup =>
  table({
    caption: 'Fields approved to be kept, and those that no measure reads',
    columns: [words('Partner'), figure('Approved'), figure('Unused'), words('Which')],
    rows: fields.map(({ partner, approved, unused }) => [
      partner,
      count(approved),
      count(unused.length),
      unused.join(', '),
    ]),
  });

function processSection({ night, pairs, fields }: ThroughlinePage): Markup {
  const sending = night.partners.filter(({ extracts }) => extracts.every(({ kept }) => kept > 0)).length;
  const soon = night.agreements.filter((each) => expiryOf(each, night.day) !== 'later').length;
  return section(
    {
      id: 'process',
      heading: 'How the work goes',
      standing: 'internal',
      says: `${count(sending)} of ${count(night.partners.length)} partners sent every file with rows in it. ${count(soon)} of ${count(night.agreements.length)} agreements end within ${count(EXPIRY_NOTICE_DAYS)} days. A field that no measure reads can be struck from its manifest.`,
      cannotSay:
        'Whether partners trust each other, or whether the right people are at the table: that is asked of people, not of records.',
    },
    [fieldTable(fields), pairTable(pairs)],
  );
}

/** The chains of the cabinet with tonight's standing of each link, as one HTML file without scripts. */
export function renderThroughlines(page: ThroughlinePage): string {
  const { night, chains } = page;
  const content = html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="color-scheme" content="light dark" />
<meta name="robots" content="noindex" />
<title>${night.city}: throughlines on ${dateInWords(night.day)}</title>
<link rel="icon" href="data:," />
${styleSheet}
</head>
<body>
<header class="banner">
<p class="kicker">Throughline · goals, initiatives, access, outcomes · for the city's desk, not for publication</p>
<h1>${night.city}, the throughlines of ${dateInWords(night.day)}</h1>
${night.synthetic ? html`<p class="synthetic" role="note">Every child in this report is made up.</p>` : nothing}
</header>
<main>
${section(
  {
    id: 'chains',
    heading: 'From goals to children',
    standing: 'candidate',
    says: 'Each chain runs from a goal through an initiative to measures of access and of outcome, with the partners whose records each measure rests on.',
    cannotSay:
      'That the initiative caused an outcome. A chain says what the cabinet believes; the measures say how access and outcome stand tonight.',
  },
  chains.length === 0
    ? [html`<p>The pipeline names no ${inSentence('throughlines')}.</p>`]
    : chains.map((chain) => chainArticle(chain, night.day)),
)}
${processSection(page)}
</main>
</body>
</html>
`;
  return textOf(content);
}
