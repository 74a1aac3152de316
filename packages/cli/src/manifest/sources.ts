import { basename, dirname, join, resolve } from 'node:path';
import {
  documentOf,
  type FieldManifest,
  type Filed,
  type SourceText,
  type Written,
} from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import { exists, namesIn } from '@throughline/engine';
import { measuresOf } from '@throughline/measure';
import type { HeaderChange, SheetSource } from '@throughline/sheet';
import { readOneDocument } from '../commands/sign-document.js';
import type { Effects } from '../effects.js';
import type { Project } from '../project/project.js';

/** A field manifest with the text of its file and the path that it was read from. */
export type ManifestFile = Written<FieldManifest> & { readonly source: SourceText; readonly path: string };

/** Versions that nobody has signed yet wait here, so that the signed one stays in force meanwhile. */
export const proposalsOf = ({ pipeline }: Project): string => pipeline.resolve('proposals');

/** Reads one field manifest, whole, from a file. @throws ThroughlineError CONFIG_UNREADABLE, CONFIG_INVALID */
export async function manifestIn(path: string): Promise<ManifestFile> {
  const { document: parsed } = await readOneDocument(path);
  const { document, sha256, file, text } = parsed;
  if (document.kind !== 'manifest')
    throw new ThroughlineError('CONFIG_INVALID', { file, rule: safeName('a field manifest') });
  return { document, sha256, file, source: { file, text }, path };
}

/**
 * The field manifest that somebody names: by its id, among the documents of the pipeline, or by a path.
 *
 * @throws ThroughlineError DOCUMENT_MISSING, CONFIG_*
 */
export async function manifestAsked(
  project: Project,
  asked: string,
  { workingFolder }: Effects,
): Promise<ManifestFile> {
  if (/\.ya?ml$/i.test(asked)) return manifestIn(resolve(workingFolder, asked));
  return manifestIn(await pathOf(project, documentOf(project.documents.manifests, asked, 'manifest')));
}

/** Where a document of the pipeline lies. */
async function pathOf({ pipeline }: Project, { file, sha256 }: Filed<FieldManifest>): Promise<string> {
  for (const folder of pipeline.documents) {
    const path = join(dirname(pipeline.resolve(folder)), file);
    if (
      basename(folder) === dirname(file) &&
      (await exists(path)) &&
      (await manifestIn(path)).sha256 === sha256
    )
      return path;
  }
  throw new ThroughlineError('CONFIG_UNREADABLE', { file });
}

/** The manifest with a hash: a document of the pipeline or a proposal. */
export async function manifestOfHash(
  project: Project,
  id: string,
  sha256: string,
): Promise<ManifestFile | undefined> {
  const filed = project.documents.manifests.find(({ document }) => document.id === id);
  if (filed?.sha256 === sha256) return manifestIn(await pathOf(project, filed));
  const folder = proposalsOf(project);
  for (const name of await namesIn(folder)) {
    if (!/\.ya?ml$/i.test(name)) continue;
    const found = await anyManifestIn(join(folder, name));
    if (found?.document.id === id && found.sha256 === sha256) return found;
  }
  return undefined;
}

async function anyManifestIn(path: string): Promise<ManifestFile | undefined> {
  const { document } = await readOneDocument(path);
  return document.document.kind === 'manifest' ? manifestIn(path) : undefined;
}

/** What a sheet and a page are made of. @throws ThroughlineError DOCUMENT_MISSING */
export function sheetSource(project: Project, manifest: ManifestFile, change?: HeaderChange): SheetSource {
  return {
    manifest,
    dsa: documentOf(project.documents.dsas, manifest.document.agreement, 'dsa'),
    measuresOf: (column) => measuresUsing(project, manifest.document, column),
    change,
  };
}

/** The measures of the pipeline that read a payload column. */
function measuresUsing({ measuring }: Project, { payload_table }: FieldManifest, column: string): string[] {
  const using = measuresOf(measuring).filter(({ needs }) =>
    needs.some(({ table, columns }) => table === payload_table && columns.flat().includes(column)),
  );
  return [...new Set(using.map(({ measure }) => measure))];
}
