import { sameBytes } from '../../proofs/bytes.js';
import { isCount } from '../../proofs/hash.js';
import type { Primitives, Verify } from '../primitives.js';
import type { NoteKey } from './key.js';
import { type NoteSignature, parseNote } from './note.js';
import { cosignedMessage, TIME_BYTES } from './sign.js';

/** Who signed a note and, for a cosignature, when: seconds since 1970-01-01 UTC, as the witness states them. */
export type NoteSigner = { readonly key: NoteKey; readonly time?: number };

/** A note with at least one good signature. */
export type OpenedNote = { readonly text: string; readonly signers: readonly NoteSigner[] };

/**
 * `malformed`: no signed note. `bad-signature`: a line of a known key is not its signature. `unsigned`: no line
 * of a known key.
 */
export type NoteRefusal = 'malformed' | 'bad-signature' | 'unsigned';

/**
 * Verifies a note. Lines of unknown keys are ignored; one bad line of a known key spoils the note. Each public
 * key counts as one signer, however often it signed and under however many names: an Ed25519 cosignature does
 * not cover the name, so that one witness could otherwise pass as two.
 */
export function openNote(
  { verify }: Pick<Primitives, 'verify'>,
  bytes: Uint8Array,
  keys: readonly NoteKey[],
): OpenedNote | { readonly refusal: NoteRefusal } {
  const note = parseNote(bytes);
  if (note === undefined) return { refusal: 'malformed' };
  const lines = note.signatures.flatMap((signature) =>
    keys.filter((key) => isOf(key, signature)).map((key) => ({ key, signature })),
  );
  const signers = lines.map((line) => verifiedSigner(verify, note.text, line));
  const good = signers.filter((signer) => signer !== undefined);
  if (good.length < signers.length) return { refusal: 'bad-signature' };
  if (good.length === 0) return { refusal: 'unsigned' };
  return { text: note.text, signers: good.filter(isFirstOfItsKey) };
}

const isOf = (key: NoteKey, signature: NoteSignature): boolean =>
  key.name === signature.name && key.id === signature.keyId;

const isFirstOfItsKey = ({ key }: NoteSigner, place: number, all: readonly NoteSigner[]): boolean =>
  all.findIndex((other) => isSameKey(other.key, key)) === place;

const isSameKey = (one: NoteKey, other: NoteKey): boolean =>
  one.kind === other.kind && sameBytes(one.publicKey, other.publicKey);

type SignedLine = { readonly key: NoteKey; readonly signature: NoteSignature };

/** The signer of a line of its key; undefined if the signature is bad. */
function verifiedSigner(
  verify: Verify,
  text: string,
  { key, signature }: SignedLine,
): NoteSigner | undefined {
  const signed = signedBy(key, text, signature.bytes);
  if (signed === undefined) return undefined;
  const isGood = verify({ algorithm: 'ed25519', bytes: key.publicKey }, signed.message, signed.signature);
  return isGood ? signed.signer : undefined;
}

type Signed = {
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
  readonly signer: NoteSigner;
};

/** What exactly a key signed; undefined if a cosignature has no time that can be told. */
function signedBy(key: NoteKey, text: string, signature: Uint8Array): Signed | undefined {
  if (key.kind === 'ed25519') {
    return { message: new TextEncoder().encode(text), signature, signer: { key } };
  }
  if (signature.length <= TIME_BYTES) return undefined;
  const time = Number(new DataView(signature.buffer, signature.byteOffset).getBigUint64(0));
  if (!isCount(time)) return undefined;
  return {
    message: cosignedMessage(text, time),
    signature: signature.subarray(TIME_BYTES),
    signer: { key, time },
  };
}
