import { count, counted, figure, html, type Markup, table, words } from '@throughline/pages';
import type { Release } from '../release/open-release.js';
import { measuresOf } from '../release/rates.js';
import { wholeTable } from '../view/view.js';
import { link, page, type Site } from './frame.js';

const titleOf = ({ definitions }: Release, measure: string): string =>
  definitions.find(({ name }) => name === measure)?.title ?? '';

const measuresList = (site: Site, measures: readonly string[]): Markup =>
  table({
    caption: 'Measures of this release',
    columns: [words('Measure'), words('What it counts')],
    rows: measures.map((measure) => [
      link(site, { kind: 'measure', measure }, measure),
      titleOf(site.release, measure),
    ]),
  });

const tablesList = (site: Site): Markup =>
  table({
    caption: 'Tables of this release',
    columns: [words('Table'), words('What is in it'), figure('Rows')],
    rows: site.release.tables.map((each) => [
      link(site, { kind: 'table', view: wholeTable(each.name) }, each.name),
      each.words,
      count(each.rows),
    ]),
  });

const filesList = (site: Site): Markup => html`
<ul class="files">
${site.release.files.map((name) => html`<li>${link(site, { kind: 'file', name }, name)}</li>`)}
</ul>`;

/** The first page: what was released. */
export async function startPage(site: Site): Promise<string> {
  const measures = await measuresOf(site.release);
  return page(site, 'Measures and tables', [
    html`<section aria-labelledby="measures"><h2 id="measures">Measures</h2>
<p class="says">${counted(measures.length, 'measure has', 'measures have')} rates by group. Choose one to see its definition, its rates by group and what became of them over time.</p>
${measuresList(site, measures)}</section>`,
    html`<section aria-labelledby="tables"><h2 id="tables">Tables</h2>
<p class="says">Everything that was released, row by row: filter, sort and download.</p>
${tablesList(site)}</section>`,
    html`<section aria-labelledby="files"><h2 id="files">Files</h2>
<p class="says">The release folder as it was published. Every file has been compared with its hash in manifest.json.</p>
${filesList(site)}</section>`,
  ]);
}
