import { join } from 'node:path';
import {
  type Anchor,
  crosswalksMissing,
  type DocumentFile,
  type DocumentSet,
  presetsMissing,
  readDocuments,
  type SignatureFile,
  signatureJudge,
} from '@throughline/agreement';
import { type SafeName, safeName, ThroughlineError } from '@throughline/core';
import { primitives } from '../crypto/primitives.js';
import { namesIn } from './durable.js';
import { bytesOfSmall, fileName, sha256Of } from './ordinary.js';

const LARGEST_TEXT = 4 * 1024 ** 2;
const DOCUMENT = /\.ya?ml$/i;
const MOST_SIGNATURES = 100;

/** A folder of documents, and the name by which errors call it. */
export type DocumentFolder = { readonly name: string; readonly path: string };

export type DocumentSources = {
  /** A folder with a file for each preset and crosswalk, named by its id: taken from there if no other folder has it. */
  readonly presets?: string;
  /** What the first version of the memorandum must be. */
  readonly anchor?: Anchor | undefined;
};

/**
 * Reads every document (`.yaml`, `.yml`) of the folders given, in order of their names, with the signature files
 * beside each, and judges on the day which version of each stands.
 *
 * @throws ThroughlineError CONFIG_UNREADABLE, CONFIG_INVALID, DOCUMENT_DUPLICATE, DOCUMENT_MISSING (a preset).
 */
export async function readDocumentFolders(
  folders: readonly DocumentFolder[],
  day: string,
  { presets, anchor }: DocumentSources = {},
): Promise<DocumentSet> {
  const files = await withPresets(await documentFiles(folders), presets);
  return readDocuments(files, { day, judge: signatureJudge(primitives, anchor) });
}

/** Documents with the presets and crosswalks that they build on and that are not among them. @throws ThroughlineError CONFIG_* */
export async function withPresets(files: readonly DocumentFile[], presets?: string): Promise<DocumentFile[]> {
  if (presets === undefined) return [...files];
  const onPresets = [...files, ...(await presetFiles(presets, presetsMissing(files)))];
  return [...onPresets, ...(await presetFiles(presets, crosswalksMissing(onPresets)))];
}

/** Every preset and crosswalk of a folder, or those of some ids. @throws ThroughlineError CONFIG_UNREADABLE, CONFIG_INVALID */
export async function presetFiles(folder: string, ids?: readonly string[]): Promise<DocumentFile[]> {
  const files: DocumentFile[] = [];
  for (const name of await namesIn(folder)) {
    const isAsked = ids === undefined ? DOCUMENT.test(name) : ids.some((id) => name === `${id}.yaml`);
    if (isAsked) files.push(await documentFile(join(folder, name), safeName(`presets/${name}`)));
  }
  return files;
}

/** The files of every document of the folders, with their signatures, unparsed. @throws ThroughlineError CONFIG_* */
export async function documentFiles(folders: readonly DocumentFolder[]): Promise<DocumentFile[]> {
  const files: DocumentFile[] = [];
  for (const { name, path } of folders) {
    const names = await namesIn(path);
    for (const each of names.filter((file) => DOCUMENT.test(file)))
      files.push(await withSignatures({ folder: path, names, name: each }, safeName(`${name}/${each}`)));
  }
  return files;
}

type Place = { readonly folder: string; readonly names: readonly string[]; readonly name: string };

/** The file of one document, without its signatures. @throws ThroughlineError CONFIG_UNREADABLE, CONFIG_INVALID */
export async function documentFile(path: string, file: SafeName): Promise<DocumentFile> {
  const bytes = await configBytes(path);
  return { file, text: exactText(bytes, file), sha256: sha256Of(bytes) };
}

async function withSignatures({ folder, names, name }: Place, file: SafeName): Promise<DocumentFile> {
  const beside = names.filter((each) => each.startsWith(`${name}.`) && each.endsWith('.sig'));
  if (beside.length > MOST_SIGNATURES) {
    const rule = safeName(`at most ${MOST_SIGNATURES} signatures of a document`);
    throw new ThroughlineError('CONFIG_INVALID', { file, rule });
  }
  const signatures: SignatureFile[] = [];
  for (const each of beside) signatures.push(await signatureFile(join(folder, each)));
  return { ...(await documentFile(join(folder, name), file)), signatures };
}

async function signatureFile(path: string): Promise<SignatureFile> {
  const bytes = await configBytes(path);
  return { armored: new TextDecoder('utf-8', KEEP_MARK).decode(bytes), sha256: sha256Of(bytes) };
}

/** A text file, such as a pipeline. @throws ThroughlineError CONFIG_UNREADABLE, CONFIG_INVALID (not UTF-8) */
export const readText = async (path: string): Promise<string> =>
  decoded(await configBytes(path), fileName(path));

const configBytes = (path: string): Promise<Uint8Array> =>
  bytesOfSmall(
    path,
    { missing: 'CONFIG_UNREADABLE', refused: 'CONFIG_UNREADABLE', name: fileName(path) },
    LARGEST_TEXT,
  );

/** A text in UTF-8. */
const decoded = (bytes: Uint8Array, file: SafeName): string => strictly({}, bytes, file);

// Without it a byte order mark, which is among the signed bytes, would be lost.
const KEEP_MARK = { ignoreBOM: true };

/**
 * The text of which the bytes are the UTF-8, to the last byte: an approval covers bytes, and bytes that two programmes
 * would show differently have no place in it.
 */
const exactText = (bytes: Uint8Array, file: SafeName): string => strictly(KEEP_MARK, bytes, file);

function strictly(options: { ignoreBOM?: boolean }, bytes: Uint8Array, file: SafeName): string {
  try {
    return new TextDecoder('utf-8', { ...options, fatal: true }).decode(bytes);
  } catch {
    throw new ThroughlineError('CONFIG_INVALID', { file, rule: safeName('a text in UTF-8') });
  }
}
