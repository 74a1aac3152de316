import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DocumentFile, type DocumentSet, readDocuments } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import { namesIn } from './durable.js';
import { fileName, sha256Of } from './ordinary.js';

/**
 * Reads every `.yaml` document of the folders given, in order of their names.
 *
 * @throws ThroughlineError CONFIG_UNREADABLE, CONFIG_INVALID, DOCUMENT_DUPLICATE.
 */
export async function readDocumentFolders(
  folders: readonly { readonly name: string; readonly path: string }[],
): Promise<DocumentSet> {
  const files: DocumentFile[] = [];
  for (const { name, path } of folders) {
    for (const file of await namesIn(path)) {
      if (file.endsWith('.yaml')) files.push(await documentFile(join(path, file), `${name}/${file}`));
    }
  }
  return readDocuments(files);
}

async function documentFile(path: string, name: string): Promise<DocumentFile> {
  const bytes = await readFile(path).catch(() => undefined);
  if (bytes === undefined) throw new ThroughlineError('CONFIG_UNREADABLE', { file: fileName(path) });
  return { file: safeName(name), text: bytes.toString('utf8'), sha256: sha256Of(bytes) };
}

/** A text file, such as a pipeline. @throws ThroughlineError CONFIG_UNREADABLE */
export async function readText(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) throw new ThroughlineError('CONFIG_UNREADABLE', { file: fileName(path) });
  return text;
}
