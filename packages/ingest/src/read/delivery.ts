import type { Delivery } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import type { ReadableFile, Scratch, ScratchFile } from '@throughline/engine';
import { unpacked } from './container.js';

/** How to take an extract out of what it comes in. */
export type Opening = {
  readonly delivery: Delivery;
  readonly scratch: Scratch;
  /** What its files in scratch are called; the software's own, never taken from an extract. */
  readonly name: string;
  /** The owner's age identity, `AGE-SECRET-KEY-1…`; undefined where the pipeline names none. */
  readonly identity: string | undefined;
};

/**
 * The extract itself, out of its encryption and packing, as a file of the stage's own that nobody else can read. What
 * was encrypted is read only after all of it has been verified.
 *
 * @throws ThroughlineError EXTRACT_UNDECRYPTABLE, EXTRACT_MALFORMED, EXTRACT_OVER_LIMIT, KEY_UNREADABLE.
 */
export async function openedDelivery(file: ReadableFile, opening: Opening): Promise<ReadableFile> {
  const { encrypted, packed } = opening.delivery;
  const spool = (step: string) => opening.scratch.create(`${opening.name}.${step}`);
  const spooled = async (step: string, pieces: AsyncIterable<Uint8Array>) =>
    opening.scratch.reopen(await written(spool(step), pieces), file.name);
  const plain = encrypted === undefined ? file : await spooled('plain', decrypted(file, opening));
  return packed === undefined ? plain : spooled('unpacked', unpacked(plain, { kind: packed }));
}

/** A new age identity, and the recipient to which senders encrypt. */
export async function ageIdentity(): Promise<{ readonly identity: string; readonly recipient: string }> {
  const { generateX25519Identity, identityToRecipient } = await import('age-encryption');
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}

async function written(spool: ScratchFile, pieces: AsyncIterable<Uint8Array>): Promise<ScratchFile> {
  try {
    for await (const piece of pieces) await spool.write(piece);
  } finally {
    await spool.close();
  }
  return spool;
}

async function* decrypted(file: ReadableFile, { identity }: Opening): AsyncGenerator<Uint8Array> {
  if (identity === undefined) {
    throw new ThroughlineError('KEY_UNREADABLE', {
      extract: safeName(file.name),
      missing: safeName('age_identity'),
    });
  }
  try {
    const { Decrypter } = await import('age-encryption');
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    const stream = await decrypter.decrypt(ReadableStream.from(file.read()));
    for await (const piece of stream) yield piece;
  } catch (thrown) {
    if (thrown instanceof ThroughlineError) throw thrown;
    throw new ThroughlineError('EXTRACT_UNDECRYPTABLE', { extract: safeName(file.name) });
  }
}
