import { join } from 'node:path';
import { documentOf } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import { exists, makePrivateFolder, writeDurably } from '@throughline/engine';
import { requireKey } from '@throughline/tokenize';
import { Encrypter } from 'age-encryption';
import type { Effects } from '../effects.js';
import type { Project } from '../project/project.js';
import { readValidCard, writeKeyCard } from './key-card.js';
import { type Addressee, addresseesOf } from './roles.js';
import { openTokenKey } from './token-key.js';

export type IssueOptions = { readonly out: string; readonly partner?: string; readonly root?: string };

/**
 * Encrypts the root to each partner's recipient, as a file of age (age-encryption.org/v1) that holds the 32 bytes of
 * the key, and puts the card beside them.
 *
 * @returns the files written.
 * @throws ThroughlineError KEY_* (also where the root is not that of the card), CONFIG_INVALID.
 */
export async function issueKeys(
  project: Project,
  options: IssueOptions,
  effects: Effects,
): Promise<string[]> {
  const { pipeline, documents, tokenKeys } = project;
  const addressees = addresseesOf(pipeline, options.partner);
  const card = await readValidCard(pipeline.resolve(pipeline.key_card));
  const terms = documentOf(documents.emous, pipeline.emou, 'emou').document;
  const root = await openTokenKey(
    tokenKeys,
    options.root ?? pipeline.partners[0]?.token_key ?? '',
    effects.userId,
  );
  try {
    requireKey({ root: root.bytes, terms, card });
    await makePrivateFolder(options.out);
    const files: string[] = [];
    for (const addressee of addressees) files.push(await issueTo(addressee, root.bytes, options.out));
    await writeKeyCard(join(options.out, `${card.agreement}-${card.epoch}.card.json`), card);
    return files;
  } finally {
    root.erase();
  }
}

async function issueTo({ partner, recipient }: Addressee, root: Uint8Array, folder: string): Promise<string> {
  const path = join(folder, `${partner}.token-key.age`);
  if (await exists(path))
    throw new ThroughlineError('KEY_EXISTS', { name: safeName(`${partner}.token-key.age`) });
  const encrypter = new Encrypter();
  try {
    encrypter.addRecipient(recipient);
  } catch {
    throw new ThroughlineError('CONFIG_INVALID', {
      field: safeName('partners.recipient'),
      partner: safeName(partner),
      rule: safeName('an age recipient'),
    });
  }
  await writeDurably(path, await encrypter.encrypt(root), 0o600);
  return path;
}
