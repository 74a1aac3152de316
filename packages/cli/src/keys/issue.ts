import { join } from 'node:path';
import { documentOf } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import { exists, makePrivateFolder, readKey, type SecretKey, writeDurably } from '@throughline/engine';
import { requireKey, requireWrapKey } from '@throughline/tokenize';
import { Encrypter } from 'age-encryption';
import type { Effects } from '../effects.js';
import type { Project } from '../project/project.js';
import { readValidCard, writeKeyCard } from './key-card.js';
import { type Addressee, addresseesOf } from './roles.js';
import { openTokenKey } from './token-key.js';
import { wrapKeyOf, wraps } from './wrap-key.js';

export type IssueOptions = { readonly out: string; readonly partner?: string; readonly root?: string };

/**
 * Encrypts the root to each partner's recipient, as a file of age (age-encryption.org/v1) that holds the 32 bytes of
 * the key, and puts the card beside them; under the profile `sealed+clkd` the wrap key in a file of its own. All
 * keys are compared with the card before a file is written.
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
  const held: HeldKey[] = [];
  try {
    const root = await openTokenKey(
      tokenKeys,
      options.root ?? pipeline.partners[0]?.token_key ?? '',
      effects.userId,
    );
    held.push({ kind: 'token-key', key: root });
    requireKey({ root: root.bytes, terms, card });
    if (wraps(project)) {
      const wrap = await readKey(wrapKeyOf(pipeline, pipeline.partners[0]), effects.userId);
      held.push({ kind: 'wrap-key', key: wrap });
      requireWrapKey({ root: wrap.bytes, terms, card });
    }
    await makePrivateFolder(options.out);
    const files: string[] = [];
    for (const { kind, key } of held)
      for (const addressee of addressees)
        files.push(await issueTo(addressee, { kind, key: key.bytes }, options.out));
    await writeKeyCard(join(options.out, `${card.agreement}-${card.epoch}.card.json`), card);
    return files;
  } finally {
    for (const { key } of held) key.erase();
  }
}

type Issued = { readonly kind: 'token-key' | 'wrap-key'; readonly key: Uint8Array };
type HeldKey = Pick<Issued, 'kind'> & { readonly key: SecretKey };

async function issueTo({ partner, recipient }: Addressee, issued: Issued, folder: string): Promise<string> {
  const name = `${partner}.${issued.kind}.age`;
  const path = join(folder, name);
  if (await exists(path)) throw new ThroughlineError('KEY_EXISTS', { name: safeName(name) });
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
  await writeDurably(path, await encrypter.encrypt(issued.key), 0o600);
  return path;
}
