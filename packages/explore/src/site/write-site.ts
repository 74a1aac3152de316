import { join } from 'node:path';
import { ThroughlineError } from '@throughline/core';
import {
  copyFolder,
  exists,
  makePrivateFolder,
  readText,
  removeFolder,
  replaceFolder,
  writeDurably,
} from '@throughline/engine';
import { documentPage } from '../pages/document.js';
import { documentsOf, type Site } from '../pages/frame.js';
import { measurePage } from '../pages/measure.js';
import type { Links } from '../pages/place.js';
import { startPage } from '../pages/start.js';
import { siteStyle } from '../pages/style.js';
import { tablePage } from '../pages/table.js';
import { measuresOf } from '../release/rates.js';
import type { TableInfo } from '../release/tables.js';
import { countOf, facetsOf, rowsOf } from '../view/query.js';
import { refined, type View, wholeTable } from '../view/view.js';

/** Rows on a page of a site; the file of the release has the rest. */
const PAGE_OF_FILES = 5_000;

/** Any name as a part of a file's name; different names stay different. */
const filePart = (name: string): string =>
  encodeURIComponent(name)
    .replace(/[*!'()]/g, '_')
    .replaceAll('%', '~');

/** Addresses of the files of a site. There is a page for every table and for every table under one filter. */
const siteLinks: Links = (place) => {
  switch (place.kind) {
    case 'start':
      return 'index.html';
    case 'style':
      return 'style.css';
    case 'measure':
      return `measure-${filePart(place.measure)}.html`;
    case 'document':
      return `document-${filePart(place.name)}.html`;
    case 'file':
      return `files/${filePart(place.name)}`;
    case 'table':
      return viewFile(place.view);
    default:
      return undefined;
  }
};

function viewFile({ table, filters, sort, page }: View): string | undefined {
  const [only, ...more] = filters;
  if (more.length > 0 || sort !== undefined || page > 1) return undefined;
  const filter = only === undefined ? '' : `--${filePart(only.column)}--${filePart(only.value)}`;
  return `table-${filePart(table)}${filter}.html`;
}

type SiteFile = { readonly name: string | undefined; readonly text: string };

/**
 * Writes a release as pages for a folder or any web server: the pages of the server, but for questions, second filters
 * and orders, which need a server. The release folder itself is copied beside them.
 *
 * @returns the number of pages.
 * @throws ThroughlineError OUTPUT_EXISTS if the folder is there already, OUTPUT_UNWRITABLE.
 */
export async function writeSite(site: Omit<Site, 'links'>, folder: string): Promise<number> {
  if (await exists(folder)) throw new ThroughlineError('OUTPUT_EXISTS', {});
  const unfinished = `${folder}.unfinished`;
  await removeFolder(unfinished);
  await makePrivateFolder(unfinished);
  await copyFolder(site.release.folder, join(unfinished, 'files'));
  let pages = 0;
  for await (const { name, text } of filesOf({ ...site, links: siteLinks })) {
    if (name === undefined) continue;
    await writeDurably(join(unfinished, name), text, 0o644);
    pages += Number(name.endsWith('.html'));
  }
  await replaceFolder(unfinished, folder);
  return pages;
}

async function* filesOf(site: Site): AsyncGenerator<SiteFile> {
  const { release } = site;
  yield { name: 'style.css', text: siteStyle };
  yield { name: 'index.html', text: await startPage(site) };
  for (const measure of await measuresOf(release)) {
    const text = await measurePage(site, measure);
    if (text !== undefined) yield { name: siteLinks({ kind: 'measure', measure }), text };
  }
  for (const name of documentsOf(release)) {
    const words = await readText(join(release.folder, name));
    yield { name: siteLinks({ kind: 'document', name }), text: documentPage(site, name, words) };
  }
  for (const table of release.tables) yield* viewsOf(site, table);
}

async function* viewsOf(site: Site, table: TableInfo): AsyncGenerator<SiteFile> {
  const whole = wholeTable(table.name);
  yield { name: viewFile(whole), text: await viewPage(site, table, whole) };
  for (const { column, values } of await facetsOf(site.release, table, whole)) {
    for (const { value } of values) {
      const view = refined(whole, column.name, value);
      yield { name: viewFile(view), text: await viewPage(site, table, view) };
    }
  }
}

const viewPage = async (site: Site, table: TableInfo, view: View): Promise<string> => {
  const total = await countOf(site.release, view);
  const rows = await rowsOf(site.release, table, { view, most: PAGE_OF_FILES });
  return tablePage(site, table, view, { rows, total });
};
