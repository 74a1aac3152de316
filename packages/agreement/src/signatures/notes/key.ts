import { joinBytes } from '../../proofs/bytes.js';
import type { Hash } from '../../proofs/hash.js';
import { fromBase64, toBase64 } from '../base64.js';

/** What a key signs: a log's notes (C2SP signed-note) or a witness's cosignatures (C2SP tlog-cosignature). */
export type NoteKeyKind = 'ed25519' | 'cosignature/v1';

/** An Ed25519 key with the name under which it signs notes. `id` is eight hexadecimal digits. */
export type NoteKey = {
  readonly name: string;
  readonly kind: NoteKeyKind;
  readonly id: string;
  readonly publicKey: Uint8Array;
};

const PUBLIC_KEY_BYTES = 32;
const ID_BYTES = 4;

// The signature type identifier bytes of signed-note.
const typeBytes = { ed25519: 0x01, 'cosignature/v1': 0x04 } as const satisfies Record<NoteKeyKind, number>;

/**
 * A note key, with the id that its name, kind and public key give.
 *
 * @throws RangeError if the name is empty or has a space or plus, or the public key is not 32 bytes.
 */
export function noteKey(sha256: Hash, { name, kind, publicKey }: Omit<NoteKey, 'id'>): NoteKey {
  if (!isKeyName(name)) throw new RangeError('noteKey: a name without spaces and plus signs expected');
  if (publicKey.length !== PUBLIC_KEY_BYTES)
    throw new RangeError('noteKey: a public key of 32 bytes expected');
  const hashed = sha256(joinBytes([new TextEncoder().encode(`${name}\n`), typedKey({ kind, publicKey })]));
  return { name, kind, publicKey, id: toHex(hashed.subarray(0, ID_BYTES)) };
}

/** A verifier key as one line of text: name, id and key, such as `city.example/log+1a2b3c4d+AQID…`. */
export const formatNoteKey = (key: NoteKey): string => `${key.name}+${key.id}+${toBase64(typedKey(key))}`;

/** The note key of a verifier key's line; undefined if it is malformed, of another kind, or has another id. */
export function parseNoteKey(sha256: Hash, line: string): NoteKey | undefined {
  const [, name = '', id, encoded = ''] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(line) ?? [];
  const [type, ...publicKey] = fromBase64(encoded) ?? [];
  const kind = type === typeBytes.ed25519 ? 'ed25519' : 'cosignature/v1';
  if (type !== typeBytes[kind] || !isKeyName(name) || publicKey.length !== PUBLIC_KEY_BYTES) return undefined;
  const key = noteKey(sha256, { name, kind, publicKey: Uint8Array.from(publicKey) });
  return key.id === id ? key : undefined;
}

const typedKey = ({ kind, publicKey }: Pick<NoteKey, 'kind' | 'publicKey'>): Uint8Array =>
  joinBytes([Uint8Array.of(typeBytes[kind]), publicKey]);

/** Whether a name can stand in a signature line. */
export const isKeyName = (name: string): boolean => /^[^\p{White_Space}\p{Cc}\p{Cs}+]+$/u.test(name);

export const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
