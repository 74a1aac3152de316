import {
  dateInWords,
  hatchPattern,
  html,
  isDate,
  type Markup,
  nothing,
  styleSheet,
  textOf,
} from '@throughline/pages';
import type { Night } from './night.js';
import { agreementsSection } from './sections/agreements.js';
import { candidateSection } from './sections/candidate.js';
import { changesSection } from './sections/changes.js';
import { glanceSection } from './sections/glance.js';
import { holdsSection } from './sections/holds.js';
import { intakeSection } from './sections/intake.js';
import { linkageSection } from './sections/linkage.js';
import { measuresSection } from './sections/measures.js';
import { peopleSection } from './sections/people.js';
import { withheldSection } from './sections/withheld.js';

/** Nothing is fetched from anywhere, and no script runs, whatever a name may hold. */
export const contentPolicy = html`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'" />`;

const CONTENTS = [
  ['glance', 'At a glance'],
  ['changes', 'Changes'],
  ['holds', 'Held'],
  ['intake', 'What arrived'],
  ['linkage', 'What was linked'],
  ['measures', 'Measures'],
  ['candidate', 'Release candidate'],
  ['withheld', 'Withheld'],
  ['people', 'Persons'],
  ['agreements', 'Agreements'],
] as const;

const head = (night: Night): Markup => html`
<head>
<meta charset="utf-8" />
${contentPolicy}
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="color-scheme" content="light dark" />
<meta name="referrer" content="no-referrer" />
<meta name="robots" content="noindex" />
<title>${night.city}: the night of ${dateInWords(night.day)}</title>
<link rel="icon" href="data:," />
${styleSheet}
</head>`;

const day = (night: Night): Markup =>
  isDate(night.day)
    ? html`<time datetime="${night.day}">${dateInWords(night.day)}</time>`
    : html`<span>${night.day}</span>`;

const syntheticNote = (night: Night): Markup =>
  night.synthetic
    ? html`<p class="synthetic" role="note">Every child in this report is made up. It shows how the software works, and nothing about a real city.</p>`
    : nothing;

const banner = (night: Night): Markup => html`
<header class="banner">
<p class="kicker">Throughline · nightly report · for the city's desk, not for publication</p>
<h1>${night.city}, the night of ${day(night)}</h1>
${syntheticNote(night)}
<nav aria-label="Sections">
<ul>${CONTENTS.map(([id, name]) => html`<li><a href="#${id}">${name}</a></li>`)}</ul>
</nav>
</header>`;

const glossary = html`
<details>
<summary>What the words mean</summary>
<dl class="glossary">
<dt>Extract</dt><dd>A file as a partner's system wrote it.</dd>
<dt>Record</dt><dd>One child as one partner knows them.</dd>
<dt>Link</dt><dd>Two records taken to belong to one child.</dd>
<dt>Person</dt><dd>All records that are linked with each other.</dd>
<dt>Pass</dt><dd>One rule for linking; the strictest runs first.</dd>
<dt>Cell</dt><dd>One row of a table: a group of children and its counts.</dd>
<dt>Withheld</dt><dd>Not shown, so that no child can be recognised. Never a zero.</dd>
<dt>Release candidate</dt><dd>Protected tables that two people may decide to publish.</dd>
</dl>
</details>`;

const closing = (night: Night): Markup => html`
<footer>
${glossary}
<p>Made by Throughline ${night.software}. This page holds counts and names of files, rules and groups; no row, name,
date of birth or identifier of a child. It runs no script and asks nothing of the network.</p>
</footer>`;

/**
 * The night as one HTML file: no script, no network, opened from disk. Equal nights give equal bytes. Whatever
 * text the night holds is shown as text.
 */
export function renderReport(night: Night): string {
  const page = html`<!DOCTYPE html>
<html lang="en">
${head(night)}
<body>
<a class="skip" href="#glance">Skip to the night at a glance</a>
${hatchPattern}
${banner(night)}
<main>
${glanceSection(night)}
${changesSection(night)}
${holdsSection(night)}
${intakeSection(night)}
${linkageSection(night)}
${measuresSection(night)}
${candidateSection(night)}
${withheldSection(night)}
${peopleSection(night)}
${agreementsSection(night)}
</main>
${closing(night)}
</body>
</html>
`;
  return textOf(page);
}
