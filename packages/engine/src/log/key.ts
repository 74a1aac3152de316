import { type NoteKey, type NoteSigningKey, noteKey } from '@throughline/agreement';
import { primitives, publicKeyOfSeed } from '../crypto/primitives.js';
import { readKey } from '../keys/key-file.js';

/** Where a log is kept, the name that its checkpoints bear, and the file of the key that signs them. */
export type LogPlace = { readonly folder: string; readonly origin: string; readonly key: string };

/** The file of a note key: 32 random bytes, the seed of RFC 8032. */
export type NoteKeyFile = Pick<NoteKey, 'name' | 'kind'> & { readonly path: string };

export const logKeyFile = ({ origin, key }: LogPlace): NoteKeyFile => ({
  name: origin,
  kind: 'ed25519',
  path: key,
});

/**
 * Works with a note key and erases it.
 *
 * @throws ThroughlineError KEY_UNREADABLE, KEY_EXPOSED, KEY_WEAK; RangeError if the name cannot be a key's.
 */
export async function withNoteKey<T>(
  { path, name, kind }: NoteKeyFile,
  userId: number | undefined,
  work: (signer: NoteSigningKey) => T | Promise<T>,
): Promise<T> {
  const { bytes: seed, erase } = await readKey(path, userId);
  try {
    const key = noteKey(primitives.sha256, { name, kind, publicKey: publicKeyOfSeed(seed) });
    return await work({ key, seed });
  } finally {
    erase();
  }
}
