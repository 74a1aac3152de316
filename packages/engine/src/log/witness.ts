import { basename, dirname } from 'node:path';
import { cosignNote, formatNote, type NoteKey, type NoteSigningKey, parseNote } from '@throughline/agreement';
import { safeName } from '@throughline/core';
import { primitives } from '../crypto/primitives.js';
import { writeDurably } from '../files/durable.js';
import { readFileOf } from './files.js';
import { headOf, openLog } from './open.js';
import { requireGrown } from './verify.js';

/** A witness of a log: the file in which it keeps the last checkpoint that it accepted, its key, and the time. */
export type Witness = {
  readonly state: string;
  readonly signer: NoteSigningKey;
  /** Seconds since 1970-01-01 UTC. */
  readonly time: number;
};

/** A checkpoint with the log's signature and the witness's, and the sizes of the log then and now. */
export type Cosigned = { readonly note: string; readonly before: number | undefined; readonly size: number };

/**
 * Cosigns a log's checkpoint (C2SP tlog-cosignature) if the log has only grown since the witness saw it last. The
 * new checkpoint is on the witness's disk before anybody is given the cosignature. One at a time: two that read
 * the same state could cosign a fork between them.
 *
 * @throws ThroughlineError LOG_ALTERED, LOG_BROKEN, LOG_CHECKPOINT_REFUSED, OUTPUT_UNWRITABLE.
 */
export async function cosignLog(
  folder: string,
  key: NoteKey,
  { state, signer, time }: Witness,
): Promise<Cosigned> {
  const held = await readFileOf(dirname(state))(basename(state));
  const before = held === undefined ? undefined : headOf(held, key, safeName('state'));
  const log = await openLog(folder, key);
  const { text, checkpoint } = await requireGrown(log, key, before);
  const own = parseNote(log.note)?.signatures.filter(
    ({ name, keyId }) => name === key.name && keyId === key.id,
  );
  const signatures = [...(own ?? []), cosignNote(primitives, { text, time }, signer)];
  const note = formatNote({ text, signatures });
  await writeDurably(state, note);
  return { note, before: before?.size, size: checkpoint.size };
}
