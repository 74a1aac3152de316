import { dirname } from 'node:path';
import { documentOf } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import {
  bytesOfSmall,
  eraseKey,
  exists,
  keepKey,
  makePrivateFolder,
  readIdentity,
  readKey,
  type SecretKey,
} from '@throughline/engine';
import { type KeyCard, type LinkageTerms, requireKey, requireWrapKey } from '@throughline/tokenize';
import { Decrypter } from 'age-encryption';
import type { Effects } from '../effects.js';
import type { Project } from '../project/project.js';
import { readValidCard } from './key-card.js';
import { descriptorOf } from './token-key.js';
import { wrapKeyOf } from './wrap-key.js';

export type ReceiveOptions = {
  readonly partner: string;
  readonly identity: string;
  readonly file: string;
  /** The file is that of the wrap key. */
  readonly wrap?: true;
};

const KEY_BYTES = 32;
const LONGEST_FILE = 64 * 1024;

/**
 * Opens a token key, or a wrap key, that the keyholder issued, compares it with the card and keeps it where the pipeline names it. The
 * key of an older epoch is erased there; that of this epoch stays as it is.
 *
 * @returns the path of the key.
 * @throws ThroughlineError KEY_SEALED_FOR_ANOTHER, KEY_MISMATCH, KEY_REVOKED, USAGE, KEY_*.
 */
export async function receiveKey(
  project: Project,
  options: ReceiveOptions,
  effects: Effects,
): Promise<string> {
  const { pipeline, documents } = project;
  const partner = pipeline.partners.find(({ name }) => name === options.partner);
  if (partner === undefined || (options.wrap !== true && descriptorOf(partner.token_key) !== undefined)) {
    throw new ThroughlineError('USAGE', { partner: safeName(options.partner) });
  }
  const terms = documentOf(documents.emous, pipeline.emou, 'emou').document;
  const card = await readValidCard(pipeline.resolve(pipeline.key_card));
  const path = options.wrap === true ? wrapKeyOf(pipeline, partner) : pipeline.resolve(partner.token_key);
  const requireFits = options.wrap === true ? requireWrapKey : requireKey;
  const root = await openIssued(options, effects);
  try {
    requireFits({ root, terms, card });
    await makePrivateFolder(dirname(path));
    if (await makeRoom(path, { terms, card, requireFits, userId: effects.userId })) await keepKey(path, root);
    return path;
  } finally {
    root.fill(0);
  }
}

async function openIssued({ identity, file }: ReceiveOptions, { userId }: Effects): Promise<Uint8Array> {
  const name = safeName('age file');
  const refusal = { missing: 'KEY_UNREADABLE', refused: 'KEY_SEALED_FOR_ANOTHER', name } as const;
  const sealed = await bytesOfSmall(file, refusal, LONGEST_FILE);
  const decrypter = new Decrypter();
  const secret = await readIdentity(identity, userId);
  try {
    decrypter.addIdentity(secret);
    const root = await decrypter.decrypt(sealed);
    if (root.length === KEY_BYTES) return root;
    root.fill(0);
  } catch {
    // What age says of a file may repeat parts of it.
  }
  throw new ThroughlineError('KEY_SEALED_FOR_ANOTHER', {});
}

type Room = {
  readonly terms: LinkageTerms;
  readonly card: KeyCard;
  readonly requireFits: typeof requireKey;
  readonly userId: number | undefined;
};

/** @returns whether there is room for the key; a key of this epoch that is there already stays. */
async function makeRoom(path: string, { terms, card, requireFits, userId }: Room): Promise<boolean> {
  if (!(await exists(path))) return true;
  const there: SecretKey = await readKey(path, userId);
  try {
    requireFits({ root: there.bytes, terms, card });
    return false;
  } catch {
    return eraseKey(path);
  } finally {
    there.erase();
  }
}
