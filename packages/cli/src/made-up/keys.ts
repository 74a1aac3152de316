import { join } from 'node:path';
import { formatSigningKey, publicKeyLine, type SshSigningKey, signingKeyOf } from '@throughline/agreement';
import { makePrivateFolder, primitives, publicKeyOfSeed, writeDurably } from '@throughline/engine';
import { madeUpKeyText } from '@throughline/testkit';

/** The published key of a made-up approver. */
export function madeUpKey(person: string): SshSigningKey {
  const seed = primitives.sha256(new TextEncoder().encode(madeUpKeyText(person)));
  return signingKeyOf(seed, publicKeyOfSeed(seed));
}

/** The line of its `.pub` file, as documents name it. */
export const madeUpPublicKey = (person: string): string => publicKeyLine(madeUpKey(person).publicKey);

/** Writes the key files of made-up approvers, for `throughline approve` and ssh-keygen alike. */
export async function writeMadeUpKeys(folder: string, people: readonly string[]): Promise<void> {
  await makePrivateFolder(folder);
  for (const person of people) {
    await writeDurably(join(folder, person), formatSigningKey(madeUpKey(person)));
    await writeDurably(join(folder, `${person}.pub`), `${madeUpPublicKey(person)} ${person}\n`, 0o644);
  }
}
