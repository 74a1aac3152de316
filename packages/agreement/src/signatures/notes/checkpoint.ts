import { sameBytes } from '../../proofs/bytes.js';
import { HASH_BYTES, isCount, type TreeHead } from '../../proofs/hash.js';
import { fromBase64, toBase64 } from '../base64.js';
import type { Primitives } from '../primitives.js';
import type { NoteKey } from './key.js';
import { type NoteRefusal, type NoteSigner, openNote } from './open.js';

/** A tree head of the log that `origin` names: C2SP tlog-checkpoint. */
export type Checkpoint = TreeHead & { readonly origin: string; readonly extensions: readonly string[] };

/**
 * The text of a checkpoint's note.
 *
 * @throws RangeError unless origin and extensions are non-empty lines, the size is a count, the root a hash.
 */
export function formatCheckpoint({ origin, size, root, extensions }: Checkpoint): string {
  if (![origin, ...extensions].every(isLine) || !isCount(size) || root.length !== HASH_BYTES) {
    throw new RangeError('formatCheckpoint: lines of text, a size and a root of 32 bytes expected');
  }
  return [origin, size, toBase64(root), ...extensions].map((line) => `${line}\n`).join('');
}

const isLine = (line: string): boolean => /^[^\p{Cc}\p{Cs}]+$/u.test(line);

/** The checkpoint that a note's text states; undefined if it states none. */
export function parseCheckpoint(text: string): Checkpoint | undefined {
  if (!text.endsWith('\n')) return undefined;
  const [origin = '', count = '', encoded = '', ...extensions] = text.slice(0, -1).split('\n');
  const size = /^(?:0|[1-9]\d*)$/.test(count) ? Number(count) : Number.NaN;
  const root = fromBase64(encoded);
  if (![origin, ...extensions].every(isLine) || !isCount(size) || root?.length !== HASH_BYTES)
    return undefined;
  return { origin, size, root, extensions };
}

/** A checkpoint that its log signed, and the witnesses that cosigned it, each once. */
export type OpenedCheckpoint = {
  readonly checkpoint: Checkpoint;
  readonly text: string;
  readonly cosigners: readonly NoteSigner[];
};

/** `no-checkpoint`: the text states none. `other-log`: it is another log's, or the log itself did not sign. */
export type CheckpointRefusal = NoteRefusal | 'no-checkpoint' | 'other-log';

/** A log's key, whose name is the log's origin, and the witnesses that are known. */
export type CheckpointKeys = { readonly log: NoteKey; readonly witnesses: readonly NoteKey[] };

/**
 * Verifies a checkpoint's note: form, origin, the log's signature and those of the witnesses known. Whether the
 * cosigners are enough is for the caller to decide.
 */
export function openCheckpoint(
  primitives: Pick<Primitives, 'verify'>,
  bytes: Uint8Array,
  { log, witnesses }: CheckpointKeys,
): OpenedCheckpoint | { readonly refusal: CheckpointRefusal } {
  const note = openNote(primitives, bytes, [log, ...witnesses]);
  if ('refusal' in note) return note;
  const checkpoint = parseCheckpoint(note.text);
  if (checkpoint === undefined) return { refusal: 'no-checkpoint' };
  const isSignedByLog = note.signers.some(({ key }) => key === log);
  if (checkpoint.origin !== log.name || !isSignedByLog) return { refusal: 'other-log' };
  return { checkpoint, text: note.text, cosigners: note.signers.filter(({ key }) => isWitness(key, log)) };
}

/** A log cannot be its own witness, whatever it calls itself. */
const isWitness = (key: NoteKey, log: NoteKey): boolean =>
  key.kind === 'cosignature/v1' && !sameBytes(key.publicKey, log.publicKey);
