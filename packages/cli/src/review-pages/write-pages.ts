import { join } from 'node:path';
import { ThroughlineError } from '@throughline/core';
import { exists, makePrivateFolder, removeFolder, replaceFolder, writeDurably } from '@throughline/engine';
import type { Effects } from '../effects.js';
import type { Project } from '../project/project.js';
import { fileLinks } from './links.js';
import { candidatePage } from './pages/candidate.js';
import type { Site } from './pages/frame.js';
import { holdPage } from './pages/hold.js';
import { manifestPage } from './pages/manifest.js';
import { startPage } from './pages/start.js';
import { reviewStyle } from './pages/style.js';
import { type Asked, readDesk } from './read-desk.js';
import { readSample } from './read-sample.js';

/**
 * Writes the pages of a review as files, on which nothing can be decided.
 *
 * @returns the number of pages.
 * @throws ThroughlineError OUTPUT_EXISTS if the folder is there already, OUTPUT_UNWRITABLE.
 */
export async function writeReviewPages(
  project: Project,
  { folder, ...asked }: Asked & { readonly folder: string },
  effects: Effects,
): Promise<number> {
  if (await exists(folder)) throw new ThroughlineError('OUTPUT_EXISTS', {});
  const unfinished = `${folder}.unfinished`;
  await removeFolder(unfinished);
  await makePrivateFolder(unfinished);
  const site = { desk: await readDesk(project, asked, effects), links: fileLinks, decides: false };
  let pages = 0;
  for await (const [name, text] of filesOf(site, project, effects)) {
    await writeDurably(join(unfinished, decodeURIComponent(name)), text);
    pages += Number(name.endsWith('.html'));
  }
  await replaceFolder(unfinished, folder);
  return pages;
}

async function* filesOf(
  site: Site,
  project: Project,
  effects: Effects,
): AsyncGenerator<readonly [name: string, text: string]> {
  const { links, desk } = site;
  yield [links({ kind: 'style' }), reviewStyle];
  yield [links({ kind: 'start' }), startPage(site)];
  if (desk.candidate !== undefined) yield [links({ kind: 'candidate' }), candidatePage(site, desk.candidate)];
  for (const each of desk.holds) yield [links({ kind: 'hold', id: each.hold.id }), holdPage(site, each)];
  for (const under of desk.manifests) {
    const sample = await readSample(project, under.file, effects);
    yield [links({ kind: 'manifest', name: under.name }), manifestPage(site, { under, sample })];
  }
}
