import { join } from 'node:path';
import { formatSigningKey, publicKeyLine, signingKeyOf } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import {
  exists,
  freshKey,
  makePrivateFolder,
  publicKeyOfSeed,
  readText,
  writeDurably,
} from '@throughline/engine';
import { createAgeIdentity } from './create-keys.js';

/** The public halves of a host's keys, as the memorandum names them. */
export type HostKeys = { readonly publicKey: string; readonly recipient: string };

/**
 * Makes the key with which a host signs parcels and the identity with which it opens them, before any memorandum can
 * name them. Never over keys that are there: whoever lost them needs a new version of the memorandum.
 *
 * @throws ThroughlineError KEY_EXISTS, OUTPUT_UNWRITABLE.
 */
export async function createHostKeys(folder: string): Promise<HostKeys> {
  const [signing, identity] = [join(folder, 'host_ed25519'), join(folder, 'host.identity')];
  for (const path of [signing, identity])
    if (await exists(path)) throw new ThroughlineError('KEY_EXISTS', { name: safeName('host key') });
  await makePrivateFolder(folder);
  const seed = freshKey();
  try {
    const key = signingKeyOf(seed, publicKeyOfSeed(seed));
    const publicKey = publicKeyLine(key.publicKey);
    await writeDurably(`${signing}.pub`, `${publicKey}\n`, 0o644);
    await writeDurably(signing, formatSigningKey(key));
    await createAgeIdentity(identity);
    return { publicKey, recipient: (await readText(`${identity}.pub`)).trim() };
  } finally {
    seed.fill(0);
  }
}
