import { type NoteKey, openCheckpoint } from '@throughline/agreement';
import { primitives } from '../crypto/primitives.js';
import { openLog } from './open.js';
import { requireGrown } from './verify.js';

export type Cosigning = {
  /** The keys of those who watch the log. */
  readonly witnesses: readonly NoteKey[];
  /** Checkpoints as witnesses gave them back, each with its cosignature; whatever else lies there counts for nothing. */
  readonly notes: readonly Uint8Array[];
  /** The index of the entry that must be in the log that they have seen. */
  readonly entry: number;
};

/**
 * How many witnesses have cosigned the log with an entry in it, each counted once.
 *
 * @throws ThroughlineError LOG_ALTERED if a witness cosigned a log of which this one is no continuation; LOG_BROKEN,
 *   LOG_CHECKPOINT_REFUSED.
 */
export async function cosignersOf(folder: string, key: NoteKey, cosigning: Cosigning): Promise<number> {
  const { witnesses, notes, entry } = cosigning;
  const log = await openLog(folder, key);
  const found = new Set<NoteKey>();
  for (const note of notes) {
    const opened = openCheckpoint(primitives, note, { log: key, witnesses });
    if ('refusal' in opened || opened.cosigners.length === 0 || opened.checkpoint.size <= entry) continue;
    await requireGrown(log, key, opened.checkpoint);
    for (const cosigner of opened.cosigners) found.add(cosigner.key);
  }
  return found.size;
}
