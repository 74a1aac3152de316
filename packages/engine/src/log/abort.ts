import type { TiledLog } from '@throughline/agreement';
import type { StageName } from '@throughline/core';
import { appendToLog } from './append.js';
import { latestEntries, type Numbered, requireIncluded } from './entries.js';
import { type LogPlace, logKeyFile, withNoteKey } from './key.js';
import { openLogIfThere } from './open.js';

/** A stage that starts: whose run it is, and the identity of the output of a kind that is in place, if any. */
export type Starting = {
  readonly stage: StageName;
  readonly of: string;
  readonly identityOf: (kind: string) => Promise<string | undefined>;
  readonly now: () => Date;
  readonly userId: number | undefined;
};

/**
 * Logs which outputs of the last run of a stage are not in place, if any: the run died after it had logged them, or
 * somebody took them away since. Only the last run counts: the outputs of earlier ones have been replaced. The
 * log and its key are opened in any case, so that a stage does not work for hours to fail at them.
 *
 * @throws ThroughlineError LOG_BROKEN, LOG_CHECKPOINT_REFUSED, KEY_*, OUTPUT_UNWRITABLE.
 */
export async function logAbort(place: LogPlace, starting: Starting): Promise<void> {
  const { stage, of, now, userId } = starting;
  const log = await withNoteKey(logKeyFile(place), userId, ({ key }) => openLogIfThere(place.folder, key));
  const last = log === undefined ? undefined : await lastOf(log, starting);
  if (log === undefined || last === undefined || last.entry.event === 'abort') return;
  const outputs: { kind: string; manifest: string }[] = [];
  for (const output of last.entry.outputs) {
    if ((await starting.identityOf(output.kind)) !== output.manifest) outputs.push(output);
  }
  if (outputs.length === 0) return;
  await requireIncluded(log, last);
  const at = now().toISOString();
  await appendToLog(place, { event: 'abort', stage, of, entry: last.index, outputs, at }, userId);
}

async function lastOf(log: TiledLog, { stage, of }: Starting): Promise<Numbered | undefined> {
  for await (const numbered of latestEntries(log)) {
    if (numbered.entry.stage === stage && numbered.entry.of === of) return numbered;
  }
  return undefined;
}
