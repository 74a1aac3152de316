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
  styleSheet,
  table,
  textOf,
  words,
} from '@throughline/pages';
import { contentPolicy } from '../report/frame.js';
import {
  chancesChart,
  groupsChart,
  histogram,
  sizesChart,
  unlinkablesChart,
  waterfallChart,
  weightsChart,
  yieldChart,
} from './charts.js';
import { expectedOfDimension, expectedTable } from './expected-groups.js';
import { householdsSection } from './households-section.js';
import type { LinkageNight } from './linkage-night.js';
import { waterfallOf } from './waterfall.js';

/** The linkage of a night as one HTML file: no script, no network; weights, shares and counts only. */
export function renderLinkage(night: LinkageNight): string {
  return textOf(html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8" />
${contentPolicy}
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="color-scheme" content="light dark" />
<title>${night.city}: how the night of ${night.day} was linked</title>
<link rel="icon" href="data:," />
${styleSheet}
</head>
<body>
<header class="banner">
<p class="kicker">Throughline · linkage · for the linkage unit and the desk, not for publication</p>
<h1>How ${night.city} was linked on ${night.day}</h1>
${night.synthetic ? html`<p class="synthetic" role="note">Every child in this report is made up.</p>` : nothing}
</header>
<main>
${night.model.length === 0 ? tokensOnly : sealedSections(night)}
${passSection(night.passes)}
${card('sizes', 'Persons by their records', sizesChart(night.sizes))}
${groupCards(night)}
${householdsSection(night.households)}
</main>
<footer><p>Made by Throughline ${night.software}. No record, name or identifier of a child is on this page.</p></footer>
</body>
</html>
`);
}

const tokensOnly = html`
<section id="sealed"><h2>Sealed fields</h2>
<p class="says">Fewer than two partners seal, so that exact tokens decided alone and there is no model to show.</p></section>`;

const card = (id: string, heading: string, content: Markup, says = ''): Markup => html`
<section id="${id}"><h2>${heading}</h2>
${says === '' ? nothing : html`<p class="says">${says}</p>`}
<article class="card"><figure>${content}</figure></article></section>`;

/** Whoever leaves a pass out loses what it linked alone and saves its time. */
const passSection = (passes: LinkageNight['passes']): Markup => html`
<section id="yield"><h2>What each pass found, and what it cost</h2>
<p class="says">Alone: pairs that no other pass of its kind found, and of them those that were linked; without the pass they would be lost.</p>
<article class="card"><figure>${yieldChart(passes)}</figure>${foldedTable('As a table', {
  caption: 'Pairs and time of each pass',
  columns: [
    words('Pass'),
    ...['Pairs', 'Linked first by it', 'Pairs alone', 'Linked alone', 'Milliseconds'].map(figure),
  ],
  rows: passes.map(({ kind, name, pairs, linked, alone, linkedAlone, ms }) => [
    `${kind} ${inWords(name)}`,
    count(pairs),
    count(linked),
    count(alone),
    count(linkedAlone),
    ms === undefined ? '–' : count(ms),
  ]),
})}</article></section>`;

const doubtSection = (doubts: LinkageNight['doubts']): Markup =>
  doubts.length === 0
    ? nothing
    : html`
<section id="doubts"><h2>What is doubtful about the model</h2>
<p class="says">Found without labels, from what the model says of itself. What rules a model out stops the night instead.</p>
${table({
  caption: 'Findings',
  columns: [words('Finding'), words('About'), figure('Value')],
  rows: doubts.map(({ finding, about, value }) => [inSentence(finding), inWords(about), value.toFixed(3)]),
})}</section>`;

const calibrationSection = (rows: LinkageNight['calibration']): Markup =>
  rows.length === 0
    ? nothing
    : html`
<section id="calibration"><h2>What owners said, beside what was expected</h2>
<p class="says">Of pairs that both owners have looked at. Where the model means what it says, the two columns are about the same.</p>
${table({
  caption: 'Matches by band of probability',
  columns: [words('Probability'), ...['Pairs', 'Expected', 'Found'].map(figure)],
  rows: rows.map(({ from, to, pairs, expected, found }) => [
    `${from} to ${to}`,
    count(pairs),
    expected.toFixed(1),
    count(found),
  ]),
})}</section>`;

const sealedSections = (night: LinkageNight): Markup => html`
<section id="expected"><h2>What is expected of the links</h2>
<p class="says">From the probabilities alone, which rest on the model; pairs that tokens had joined are among them, with the probability that the model gives them. Recall is of the pairs that some pass brought together; what none did is not in it.</p>
${expectedTable(night.expected)}</section>
${doubtSection(night.doubts)}
${calibrationSection(night.calibration)}
${card('weights', 'Match weights', weightsChart(night.model), 'log2 of m/u: what a level says for one person, or against.')}
${card('m-u', 'How often each level occurs', html`${legend(CHANCES)}${chancesChart(night.model)}`)}
${card('histogram', 'Pairs by weight', html`${legend(CLASSES)}${histogram(night.weights)}`)}
${night.examples.map(({ title, pair }, place) =>
  card(
    `waterfall-${place}`,
    title,
    waterfallChart(waterfallOf(pair, night.model), `waterfall-chart-${place}`),
    `Met in ${inSentence(pair.pass)}; probability ${pair.probability.toFixed(3)}.`,
  ),
)}
<section id="unlinkables"><h2>Unlinkables</h2>
<p class="says">Records whose best pair weighs less than so many bits. Those who are known to one partner only are among them.</p>
<div class="cards pair">${night.reach.map((each) => html`<article class="card"><h3>${inWords(each.partner)}</h3><figure>${unlinkablesChart(each)}</figure></article>`)}</div></section>`;

const CHANCES = [
  { kind: 'exact', meaning: 'm: of records of one person' },
  { kind: 'weak', meaning: 'u: of records of two strangers' },
];
const CLASSES = [
  { kind: 'exact', meaning: 'link: at most one in ten of such is false' },
  { kind: 'probable', meaning: 'possible: somebody should look' },
  { kind: 'weak', meaning: 'no' },
];

function groupCards({ groups, expectedOfGroups }: LinkageNight): Markup {
  const dimensions = [...new Set(groups.map(({ dimension }) => dimension))];
  if (dimensions.length === 0) return nothing;
  return html`
<section id="groups"><h2>Who is linked, by group</h2>
<p class="says">The share of children with a record of another partner. A group that is linked less often is counted less often among those reached. Groups of which fewer are linked, or not linked, than may be published are left out.</p>
${
  expectedOfGroups === undefined
    ? nothing
    : html`<p class="says">Expected precision and recall are of pairs of a school record with a record of another source that met in sealed fields, whether tokens joined them or their weight. Of each child the linkage unit tells the desk how many links may be false and how many may be missing, in quarters, and not with whom.</p>`
}
<div class="cards pair">${dimensions.map((dimension) => {
    const own = groups.filter((each) => each.dimension === dimension);
    return html`<article class="card"><h3>${inWords(dimension)}</h3><figure>${groupsChart(dimension, own)}</figure>${foldedTable(
      'As a table',
      {
        caption: `Children linked, by ${inWords(dimension)}`,
        columns: [words('Group'), figure('Children'), figure('Linked')],
        rows: own.map(({ level, children, linked }) => [inWords(level), count(children), count(linked)]),
      },
    )}${expectedOfDimension(dimension, expectedOfGroups)}</article>`;
  })}</div></section>`;
}
