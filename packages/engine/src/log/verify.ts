import {
  auditTiles,
  consistencyFromTiles,
  judgeCheckpoint,
  type NoteKey,
  type OpenedCheckpoint,
  type TreeHead,
} from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import { primitives } from '../crypto/primitives.js';
import { latestEntries } from './entries.js';
import { CHECKPOINT } from './files.js';
import { headOf, type OpenLog, openLog, refusedCheckpoint } from './open.js';

/** What was proved of a log: its head, how many of its entries are aborts, the older head that it continues. */
export type VerifiedLog = { readonly head: TreeHead; readonly aborts: number; readonly older?: TreeHead };

/**
 * Verifies a log offline: the checkpoint's signature, every entry's form, every entry hashed into the tiles and the
 * root, and, against an older checkpoint, that the log has only grown since.
 *
 * @throws ThroughlineError LOG_CHECKPOINT_REFUSED, LOG_BROKEN, LOG_ALTERED.
 */
export async function verifyLog(folder: string, key: NoteKey, older?: Uint8Array): Promise<VerifiedLog> {
  const log = await openLog(folder, key);
  const held = older === undefined ? undefined : headOf(older, key, safeName('older checkpoint'));
  if (held !== undefined) await requireGrown(log, key, held);
  await auditTiles(log);
  let aborts = 0;
  for await (const { entry } of latestEntries(log)) aborts += entry.event === 'abort' ? 1 : 0;
  return { head: log.head, aborts, ...(held === undefined ? {} : { older: held }) };
}

/** Requires that a log has only grown since an older head. @throws ThroughlineError LOG_ALTERED, LOG_BROKEN */
export async function requireGrown(
  log: OpenLog,
  key: NoteKey,
  held: TreeHead | undefined,
): Promise<OpenedCheckpoint> {
  const proof = held === undefined ? [] : await proofSince(log, held);
  const judged = judgeCheckpoint(
    primitives,
    { log: key, ...(held === undefined ? {} : { held }) },
    { note: log.note, proof },
  );
  if (!('refusal' in judged)) return judged;
  const { refusal } = judged;
  if (refusal !== 'older' && refusal !== 'fork' && refusal !== 'inconsistent')
    throw refusedCheckpoint(refusal, safeName(CHECKPOINT));
  throw new ThroughlineError('LOG_ALTERED', {
    found: safeName(refusal),
    ...(held === undefined ? {} : { entries_then: held.size }),
    entries_now: log.head.size,
  });
}

/** No proof is asked of a head that is older than the one held: that it is older is refusal enough. */
const proofSince = async (log: OpenLog, held: TreeHead): Promise<readonly Uint8Array[]> =>
  held.size === 0 || held.size > log.head.size ? [] : (await consistencyFromTiles(log, held.size)).proof;
