import { dateInWords, hatchPattern, html, type Markup, nothing, textOf } from '@throughline/pages';
import { citation, type Release } from '../release/open-release.js';
import type { Links, Place } from './place.js';

/** What all pages of a site have in common. */
export type Site = { readonly release: Release; readonly earlier: readonly Release[]; readonly links: Links };

/** A link, or the words alone where the site has no such page. */
export const link = ({ links }: Site, place: Place, words: string | Markup): Markup => {
  const address = links(place);
  return address === undefined ? html`<span>${words}</span>` : html`<a href="${address}">${words}</a>`;
};

const navigation = (site: Site): Markup => html`
<nav aria-label="Pages">
<ul>
<li>${link(site, { kind: 'start' }, 'Measures and tables')}</li>
${site.links({ kind: 'question', question: '' }) === undefined ? nothing : html`<li>${link(site, { kind: 'question', question: '' }, 'Ask in SQL')}</li>`}
${documentsOf(site.release).map((name) => html`<li>${link(site, { kind: 'document', name }, documentTitle(name))}</li>`)}
</ul>
</nav>`;

/** Pages of words in the release folder. */
export const documentsOf = ({ files }: Release): readonly string[] =>
  files.filter((name) => /^[a-z-]+\.md$/i.test(name));

const TITLES: Readonly<Record<string, string>> = {
  'README.md': 'About',
  'linkage.md': 'Linkage',
  'definitions.md': 'Definitions',
  'disclosure.md': 'Protection',
  'limits.md': 'Limits',
  'changes.md': 'Changes',
};

export const documentTitle = (name: string): string => TITLES[name] ?? name.replace(/\.md$/, '');

/** A whole page. No script, nothing from elsewhere; the server says so in its headers, and the page itself too. */
export function page(site: Site, title: string, content: readonly Markup[]): string {
  const { release, links } = site;
  return textOf(html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'self'" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="color-scheme" content="light dark" />
<meta name="referrer" content="no-referrer" />
<title>${title} · ${release.city}</title>
<link rel="icon" href="data:," />
<link rel="stylesheet" href="${links({ kind: 'style' }) ?? ''}" />
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
${hatchPattern}
<header class="banner">
<p class="kicker">Access and outcomes of the children of ${release.city} · release of ${dateInWords(release.day)}</p>
<h1>${title}</h1>
${release.synthetic ? html`<p class="synthetic" role="note">Every child in this release is made up.</p>` : nothing}
${navigation(site)}
</header>
<main id="content">
${content}
</main>
<footer>
<h2 class="small">Cite as</h2>
<p>${citation(release)}</p>
<p>Counts are protected: where a figure is withheld it is not shown, so that no child can be recognised. Withheld is never zero.
Nobody who reads these tables may try to find out whom they count.</p>
</footer>
</body>
</html>
`);
}
