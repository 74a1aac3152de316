import { basename, dirname, join, resolve } from 'node:path';
import { ATTESTERS } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import { sha256OfFile } from '@throughline/engine';
import type { AttestOptions } from '../command-line/agreements.js';
import type { Effects } from '../effects.js';
import { howToSign } from './approve.js';
import { wordsOf } from './document-words.js';
import { readOneDocument, writeNewDocument } from './sign-document.js';

/**
 * Writes down beside a document that people approved it in ink. It counts once two others have signed it.
 *
 * @throws ThroughlineError CONFIG_*, USAGE (there is an attestation already, or the document is one).
 */
export async function attest(path: string, options: AttestOptions, effects: Effects): Promise<void> {
  const { place, document: approved } = await readOneDocument(resolve(effects.workingFolder, path));
  const { kind, id, version } = approved.document;
  if (kind === 'attestation') throw new ThroughlineError('USAGE', { cannot_be_attested: safeName(kind) });
  const file = join(dirname(place), `paper-${id}-v${version}.yaml`);
  const refusal = {
    missing: 'CONFIG_UNREADABLE',
    refused: 'CONFIG_UNREADABLE',
    name: safeName('scan'),
  } as const;
  const attestation = await writeNewDocument(file, [
    'kind: attestation',
    `id: paper-${id}-v${version}`.slice(0, 'id: '.length + LONGEST_ID),
    'version: 1',
    `document: { kind: ${kind}, id: ${id}, version: ${version}, sha256: "${approved.sha256}" }`,
    `scan_sha256: "${await sha256OfFile(resolve(effects.workingFolder, options.scan), refusal)}"`,
    `signed_by: [${options.person.map((person) => `{ person: ${person}, on: ${options.on} }`).join(', ')}]`,
  ]);
  for (const line of wordsOf(attestation.document)) effects.stdout(`${line}\n`);
  effects.stdout(
    `\nIt counts once ${ATTESTERS} others who saw the paper have signed it.\n${howToSign(basename(file))}`,
  );
}

const LONGEST_ID = 61;
