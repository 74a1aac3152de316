import { basename, join, resolve } from 'node:path';
import { makePrivateFolder, writeDurably } from '@throughline/engine';
import { writeManifestSheet } from '@throughline/sheet';
import type { Effects } from '../effects.js';
import { manifestPaper } from '../papers/manifest-paper.js';
import type { Project } from '../project/project.js';
import { changeLines, openChange } from './change-request.js';
import { type ManifestFile, manifestAsked, sheetSource } from './sources.js';

export type ExportOptions = { readonly out?: string };

/** Writes a field manifest as a spreadsheet to decide in and a page to print and sign. */
export async function exportManifest(
  project: Project,
  { asked, out }: { readonly asked: string } & ExportOptions,
  effects: Effects,
): Promise<void> {
  const manifest = await manifestAsked(project, asked, effects);
  const change = await openChange(project, manifest);
  const folder = resolve(effects.workingFolder, out ?? '.');
  await makePrivateFolder(folder);
  const sheet = join(folder, `${nameOf(manifest)}.xlsx`);
  await writeDurably(sheet, await writeManifestSheet(sheetSource(project, manifest, change)), 0o644);
  const page = await writePage(project, manifest, folder);
  effects.stdout(`${manifest.document.id} version ${manifest.document.version}, sha256 ${manifest.sha256}\n`);
  effects.stdout(`  sheet  ${sheet}\n  page   ${page}\n`);
  if (change !== undefined) {
    effects.stdout(`The latest export differs (${change.on}); the sheet asks about it:\n`);
    for (const line of changeLines(change)) effects.stdout(line);
  }
}

const nameOf = ({ document }: ManifestFile): string => `${document.id}.v${document.version}`;

/** Writes the page to print. @returns its path. */
export async function writePage(project: Project, manifest: ManifestFile, folder: string): Promise<string> {
  const page = join(folder, `${nameOf(manifest)}.html`);
  const { synthetic } = project.pipeline;
  const source = sheetSource(project, manifest);
  await writeDurably(page, manifestPaper({ source, file: basename(manifest.path), synthetic }), 0o644);
  return page;
}
