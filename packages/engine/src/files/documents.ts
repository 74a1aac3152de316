import { join } from 'node:path';
import { type DocumentFile, type DocumentSet, readDocuments } from '@throughline/agreement';
import { type SafeName, safeName, ThroughlineError } from '@throughline/core';
import { namesIn } from './durable.js';
import { bytesOfSmall, fileName, sha256Of } from './ordinary.js';

const LARGEST_TEXT = 4 * 1024 ** 2;
const DOCUMENT = /\.ya?ml$/i;

/**
 * Reads every document (`.yaml`, `.yml`) of the folders given, in order of their names.
 *
 * @throws ThroughlineError CONFIG_UNREADABLE, CONFIG_INVALID, DOCUMENT_DUPLICATE.
 */
export async function readDocumentFolders(
  folders: readonly { readonly name: string; readonly path: string }[],
): Promise<DocumentSet> {
  const files: DocumentFile[] = [];
  for (const { name, path } of folders) {
    for (const file of await namesIn(path)) {
      if (DOCUMENT.test(file)) files.push(await documentFile(join(path, file), safeName(`${name}/${file}`)));
    }
  }
  return readDocuments(files);
}

async function documentFile(path: string, file: SafeName): Promise<DocumentFile> {
  const bytes = await configBytes(path);
  return { file, text: decoded(bytes, file), sha256: sha256Of(bytes) };
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

/** An approval covers bytes: bytes that two programmes would show differently have no place in it. */
function decoded(bytes: Uint8Array, file: SafeName): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ThroughlineError('CONFIG_INVALID', { file, rule: safeName('a text in UTF-8') });
  }
}
