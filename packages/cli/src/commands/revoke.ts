import { basename, dirname, join, resolve } from 'node:path';
import { safeName, ThroughlineError } from '@throughline/core';
import type { RevokeOptions } from '../command-line/agreements.js';
import type { Effects } from '../effects.js';
import { howToSign } from './approve.js';
import { wordsOf } from './document-words.js';
import { readOneDocument, signDocument, writeNewDocument } from './sign-document.js';

const REVOCABLE: ReadonlySet<string> = new Set(['emou', 'dsa', 'dul', 'release-policy', 'manifest']);

/**
 * Writes the revocation of a document beside it, and signs that if a key is given.
 *
 * @throws ThroughlineError CONFIG_*, KEY_*, SIGNING_KEY_*, USAGE (nothing that can be revoked; revoked already).
 */
export async function revoke(path: string, options: RevokeOptions, effects: Effects): Promise<void> {
  const { place, document: ended } = await readOneDocument(resolve(effects.workingFolder, path));
  const { kind, id, version } = ended.document;
  if (!REVOCABLE.has(kind)) throw new ThroughlineError('USAGE', { cannot_be_revoked: safeName(kind) });
  const file = join(dirname(place), `revocation-${id}-v${version}.yaml`);
  const revocation = await writeNewDocument(file, [
    'kind: revocation',
    `id: revocation-${id}-v${version}`.slice(0, 'id: '.length + LONGEST_ID),
    'version: 1',
    `revokes: { kind: ${kind}, document: ${id}, version: ${version} }`,
    `from: ${options.from ?? effects.now().toISOString().slice(0, 10)}`,
    `reason: ${JSON.stringify(options.reason)}`,
  ]);
  for (const line of wordsOf(revocation.document)) effects.stdout(`${line}\n`);
  if (options.key === undefined) return effects.stdout(howToSign(basename(file)));
  const key = resolve(effects.workingFolder, options.key);
  effects.stdout(`\nSigned: ${await signDocument(revocation, { key, as: options.as }, effects)}\n`);
}

const LONGEST_ID = 61;
