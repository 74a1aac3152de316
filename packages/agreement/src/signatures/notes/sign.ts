import { joinBytes } from '../../proofs/bytes.js';
import { isCount } from '../../proofs/hash.js';
import type { Primitives } from '../primitives.js';
import type { NoteKey } from './key.js';
import type { NoteSignature } from './note.js';

/** A cosignature begins with its time, in seconds since 1970-01-01 UTC, as a big-endian 64-bit integer. */
export const TIME_BYTES = 8;

/** What a witness signs (C2SP tlog-cosignature, Ed25519 signed message). */
export const cosignedMessage = (text: string, time: number): Uint8Array =>
  new TextEncoder().encode(`cosignature/v1\ntime ${time}\n${text}`);

/** A note key with its private half: the seed of RFC 8032. */
export type NoteSigningKey = { readonly key: NoteKey; readonly seed: Uint8Array };

/**
 * Signs a note's text as the log.
 *
 * @throws RangeError if the key is one for cosignatures.
 */
export function signNote(
  { signEd25519 }: Pick<Primitives, 'signEd25519'>,
  text: string,
  { key, seed }: NoteSigningKey,
): NoteSignature {
  if (key.kind !== 'ed25519') throw new RangeError('signNote: a key for notes expected');
  const bytes = signEd25519(seed, new TextEncoder().encode(text));
  return { name: key.name, keyId: key.id, bytes };
}

/**
 * Cosigns a checkpoint's text as a witness that has found it consistent with all that it saw before.
 *
 * @throws RangeError if the key is one for notes, or the time is not a number of seconds.
 */
export function cosignNote(
  { signEd25519 }: Pick<Primitives, 'signEd25519'>,
  { text, time }: { readonly text: string; readonly time: number },
  { key, seed }: NoteSigningKey,
): NoteSignature {
  if (key.kind !== 'cosignature/v1') throw new RangeError('cosignNote: a key for cosignatures expected');
  if (!isCount(time)) throw new RangeError('cosignNote: whole seconds since 1970 expected');
  const stamp = new Uint8Array(TIME_BYTES);
  new DataView(stamp.buffer).setBigUint64(0, BigInt(time));
  const bytes = joinBytes([stamp, signEd25519(seed, cosignedMessage(text, time))]);
  return { name: key.name, keyId: key.id, bytes };
}
