import { sameBytes } from '../../proofs/bytes.js';
import { emptyRoot, type TreeHead } from '../../proofs/hash.js';
import { verifyConsistency } from '../../proofs/verify.js';
import type { Primitives } from '../primitives.js';
import { type CheckpointRefusal, type OpenedCheckpoint, openCheckpoint } from './checkpoint.js';
import type { NoteKey } from './key.js';

/** What a witness keeps of a log: its key, and the last head it accepted, if any. */
export type WitnessState = { readonly log: NoteKey; readonly held?: TreeHead };

/** A checkpoint's note and the proof that it extends the head held. */
export type Offer = { readonly note: Uint8Array; readonly proof: readonly Uint8Array[] };

/**
 * `older`: smaller than the head held. `fork`: as large but with another root. `inconsistent`: the proof does
 * not show that the log has only grown.
 */
export type WitnessRefusal = CheckpointRefusal | 'older' | 'fork' | 'inconsistent';

/**
 * Decides on a log's new checkpoint as a witness does (C2SP tlog-witness, add-checkpoint). Once it is accepted
 * the caller keeps its head, and only then cosigns its text.
 */
export function judgeCheckpoint(
  primitives: Pick<Primitives, 'sha256' | 'verify'>,
  { log, held }: WitnessState,
  { note, proof }: Offer,
): OpenedCheckpoint | { readonly refusal: WitnessRefusal } {
  const opened = openCheckpoint(primitives, note, { log, witnesses: [] });
  if ('refusal' in opened) return opened;
  const newer = opened.checkpoint;
  if (newer.size === 0 && !sameBytes(newer.root, emptyRoot(primitives.sha256))) return { refusal: 'fork' };
  if (held === undefined || held.size === 0) return proof.length === 0 ? opened : { refusal: 'inconsistent' };
  if (newer.size < held.size) return { refusal: 'older' };
  if (newer.size === held.size && !sameBytes(newer.root, held.root)) return { refusal: 'fork' };
  if (!verifyConsistency(primitives.sha256, { older: held, newer }, proof))
    return { refusal: 'inconsistent' };
  return opened;
}
