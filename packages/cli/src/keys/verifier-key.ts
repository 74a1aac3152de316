import { dirname, join } from 'node:path';
import { formatNoteKey, type NoteKey, parseNoteKey } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import {
  exists,
  type LogPlace,
  logKeyFile,
  primitives,
  readText,
  withNoteKey,
  writeDurably,
} from '@throughline/engine';

/** The public half of a log's key lies beside it. */
export const verifierKeyPath = (logKey: string): string => join(dirname(logKey), 'log.vkey');

/** Writes the log's verifier key if it is not there. @returns whether it was written. */
export async function createVerifierKey(place: LogPlace, userId: number | undefined): Promise<boolean> {
  const path = verifierKeyPath(place.key);
  if (await exists(path)) return false;
  const line = await withNoteKey(logKeyFile(place), userId, ({ key }) => formatNoteKey(key));
  await writeDurably(path, `${line}\n`, 0o644);
  return true;
}

/** Reads a verifier key: one line of C2SP signed-note. @throws ThroughlineError KEY_UNREADABLE, CONFIG_INVALID */
export async function readVerifierKey(path: string): Promise<NoteKey> {
  const text = await readText(path).catch(() => undefined);
  if (text === undefined) throw new ThroughlineError('KEY_UNREADABLE', { name: safeName('verifier key') });
  const key = parseNoteKey(primitives.sha256, text.replace(/\n$/, ''));
  if (key?.kind === 'ed25519') return key;
  throw new ThroughlineError('CONFIG_INVALID', {
    file: safeName('verifier key'),
    rule: safeName('the line that keys create wrote into log.vkey'),
  });
}
