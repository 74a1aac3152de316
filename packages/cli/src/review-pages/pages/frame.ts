import { dateInWords, hatchPattern, html, type Markup, nothing, textOf } from '@throughline/pages';
import type { Desk } from '../desk.js';
import type { Links, Place } from '../links.js';

/** What all pages of a review have in common. */
export type Site = {
  readonly desk: Desk;
  readonly links: Links;
  /** Whether a decision can be made on the page; on a page of a folder the command is given instead. */
  readonly decides: boolean;
};

export const link = ({ links }: Site, place: Place, words: string | Markup): Markup =>
  html`<a href="${links(place)}">${words}</a>`;

const syntheticNote = html`<p class="synthetic" role="note">Everybody in these files is made up.</p>`;

/** One page. */
export function page(site: Site, title: string, body: readonly Markup[]): string {
  const { desk, links } = site;
  return textOf(html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="color-scheme" content="light dark" />
<meta name="robots" content="noindex" />
<title>${title}: review, ${desk.city}</title>
<link rel="icon" href="data:," />
<link rel="stylesheet" href="${links({ kind: 'style' })}" />
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
${hatchPattern}
<header class="banner">
<p class="kicker">Throughline · review · ${desk.city}, ${dateInWords(desk.day)} · counts and shapes, no values</p>
<h1>${title}</h1>
${desk.synthetic ? syntheticNote : nothing}
<nav aria-label="Pages"><ul>
<li>${link(site, { kind: 'start' }, 'All that waits')}</li>
${desk.candidate === undefined ? nothing : html`<li>${link(site, { kind: 'candidate' }, 'Release candidate')}</li>`}
</ul></nav>
</header>
<main id="content">
${body}
</main>
<footer><p>${site.decides ? 'Only this machine can reach this page, and only who has its address. Ctrl+C in the terminal ends it.' : 'Made as files: nothing can be decided here. Each page gives the command instead.'}</p></footer>
</body>
</html>
`);
}

/** A titled part of a page. */
export const part = (id: string, heading: string, content: readonly Markup[]): Markup => html`
<section aria-labelledby="${id}"><h2 id="${id}">${heading}</h2>
${content}
</section>`;
