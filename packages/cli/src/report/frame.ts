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

/** Nothing is fetched from anywhere, and no script runs, whatever a name may hold. */
export const contentPolicy = html`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'" />`;

/** What every report of a night tells of itself. */
type Framed = Pick<Night, 'city' | 'synthetic' | 'day' | 'software'>;

/** The sections of a report, with their ids and headings; the first is the night at a glance. */
type Frame = {
  readonly contents: readonly (readonly [id: string, heading: string])[];
  readonly sections: Markup;
};

const head = (night: Framed): Markup => html`
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

const day = (night: Framed): Markup =>
  isDate(night.day)
    ? html`<time datetime="${night.day}">${dateInWords(night.day)}</time>`
    : html`<span>${night.day}</span>`;

const syntheticNote = (night: Framed): Markup =>
  night.synthetic
    ? html`<p class="synthetic" role="note">Every child in this report is made up. It shows how the software works, and nothing about a real city.</p>`
    : nothing;

const banner = (night: Framed, contents: Frame['contents']): Markup => html`
<header class="banner">
<p class="kicker">Throughline · nightly report · for the city's desk, not for publication</p>
<h1>${night.city}, the night of ${day(night)}</h1>
${syntheticNote(night)}
<nav aria-label="Sections">
<ul>${contents.map(([id, name]) => html`<li><a href="#${id}">${name}</a></li>`)}</ul>
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

const closing = (night: Framed): Markup => html`
<footer>
${glossary}
<p>Made by Throughline ${night.software}. This page holds counts and names of files, rules and groups; no row, name,
date of birth or identifier of a child. It runs no script and asks nothing of the network.</p>
</footer>`;

/** A report as one HTML file. Whatever text it holds is shown as text. */
export function framed(night: Framed, { contents, sections }: Frame): string {
  const page = html`<!DOCTYPE html>
<html lang="en">
${head(night)}
<body>
<a class="skip" href="#glance">Skip to the night at a glance</a>
${hatchPattern}
${banner(night, contents)}
<main>
${sections}
</main>
${closing(night)}
</body>
</html>
`;
  return textOf(page);
}
