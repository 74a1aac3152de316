import { basename, dirname } from 'node:path';
import {
  APPROVAL_NAMESPACE,
  fingerprintOf,
  type ParsedFile,
  parseDocuments,
  parseSshSignature,
  type SshSigningKey,
  signSsh,
} from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import {
  documentFile,
  exists,
  primitives,
  readText,
  sha256Of,
  withPresets,
  withSigningKey,
  writeDurably,
} from '@throughline/engine';
import type { Effects } from '../effects.js';
import { templates } from '../project/templates.js';

/** A document on its own, and where it lies. */
export type PlacedDocument = { readonly place: string; readonly document: ParsedFile };

/** Reads one document. @throws ThroughlineError CONFIG_UNREADABLE, CONFIG_INVALID */
export async function readOneDocument(place: string): Promise<PlacedDocument> {
  const file = await documentFile(place, safeName(basename(place)));
  const beside = await withPresets([file], dirname(place));
  const [document] = parseDocuments(await withPresets(beside, templates.presets));
  if (document === undefined) throw new ThroughlineError('BUG');
  return { place, document };
}

/**
 * Writes a document that was not there, if it is one.
 *
 * @throws ThroughlineError USAGE (it is there already), CONFIG_INVALID.
 */
export async function writeNewDocument(place: string, lines: readonly string[]): Promise<PlacedDocument> {
  const name = safeName(basename(place));
  if (await exists(place)) throw new ThroughlineError('USAGE', { file_exists: name });
  const text = `${lines.join('\n')}\n`;
  const [document] = parseDocuments([{ file: name, text, sha256: sha256Of(text) }]);
  if (document === undefined) throw new ThroughlineError('BUG');
  await writeDurably(place, text, 0o644);
  return { place, document };
}

export type Signing = { readonly key: string; readonly as: string | undefined };

/**
 * Writes the signature of a key over a document's exact bytes beside it: the very bytes that `ssh-keygen -Y sign` of
 * the same key would write.
 *
 * @returns the name of the signature file.
 * @throws ThroughlineError KEY_*, SIGNING_KEY_*, USAGE (a signature of somebody else lies there).
 */
export function signDocument(
  { place, document }: PlacedDocument,
  { key: path, as }: Signing,
  { userId }: Effects,
): Promise<string> {
  return withSigningKey(path, userId, async (key) => {
    const file = `${place}.${as ?? wordOf(key)}.sig`;
    await requireOwnOrNone(file, key);
    const message = new TextEncoder().encode(document.text);
    const armored = signSsh(primitives, message, { key, namespace: APPROVAL_NAMESPACE });
    await writeDurably(file, armored, 0o644);
    return basename(file);
  });
}

/** A signature of one's own over earlier bytes may be replaced; nobody else's. @throws ThroughlineError USAGE */
async function requireOwnOrNone(file: string, key: SshSigningKey): Promise<void> {
  if (!(await exists(file))) return;
  const there = parseSshSignature(await readText(file));
  const own = typeof there !== 'string' && Buffer.from(there.publicKey).equals(key.publicKey.blob);
  if (!own) throw new ThroughlineError('USAGE', { file_exists: safeName(basename(file)) });
}

/** The first letters of the key's fingerprint: two keys do not write over one another. */
const wordOf = ({ publicKey }: SshSigningKey): string =>
  fingerprintOf(primitives.sha256, publicKey)
    .slice('SHA256:'.length)
    .replaceAll(/[^A-Za-z0-9]/g, '')
    .slice(0, 12)
    .toLowerCase();
