import { basename, resolve } from 'node:path';
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
  withSigningKey,
  writeDurably,
} from '@throughline/engine';
import type { Effects } from '../effects.js';
import type { ApproveOptions } from '../program.js';
import { wordsOf } from './document-words.js';

/**
 * Prints what a document says and signs its file's exact bytes. The signature lies beside the document, and is what
 * `ssh-keygen -Y sign -n throughline` would have made of them.
 *
 * @throws ThroughlineError CONFIG_*, KEY_*, SIGNING_KEY_*, USAGE (no key; signed already).
 */
export async function approve(path: string, options: ApproveOptions, effects: Effects): Promise<void> {
  const place = resolve(effects.workingFolder, path);
  const document = await readDocument(place);
  for (const line of wordsOf(document)) effects.stdout(`${line}\n`);
  if (options.print === true) return tellHow(path, effects);
  if (options.key === undefined)
    throw new ThroughlineError('USAGE', { missing: safeName('--key or --print') });
  const file = await withSigningKey(resolve(effects.workingFolder, options.key), effects.userId, (key) =>
    sign({ place, document, as: options.as }, key),
  );
  effects.stdout(
    `\nSigned: ${file}\nKeep it beside the document. \`throughline check\` says whether it counts.\n`,
  );
}

async function readDocument(place: string): Promise<ParsedFile> {
  const [document] = parseDocuments([await documentFile(place, safeName(basename(place)))]);
  if (document === undefined) throw new ThroughlineError('BUG');
  return document;
}

function tellHow(path: string, effects: Effects): void {
  const name = basename(path);
  effects.stdout(
    [
      '',
      'To approve it with any key of OpenSSH, a security key too:',
      `  ssh-keygen -Y sign -n ${APPROVAL_NAMESPACE} -f <your key> ${name}`,
      `This writes ${name}.sig. If others sign too, rename it to ${name}.<your name>.sig.`,
      '',
    ].join('\n'),
  );
}

type Signing = { readonly place: string; readonly document: ParsedFile; readonly as: string | undefined };

async function sign({ place, document, as }: Signing, key: SshSigningKey): Promise<string> {
  const file = `${place}.${as ?? wordOf(key)}.sig`;
  await requireOwnOrNone(file, key);
  const message = new TextEncoder().encode(document.text);
  await writeDurably(file, signSsh(primitives, message, { key, namespace: APPROVAL_NAMESPACE }), 0o644);
  return basename(file);
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
