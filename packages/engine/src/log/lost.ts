import { type ArtifactKind, safeName, ThroughlineError } from '@throughline/core';
import { latestEntries } from './entries.js';
import type { MadeEntry } from './entry.js';
import { type LogPlace, logKeyFile, withNoteKey } from './key.js';
import { openLogIfThere } from './open.js';

/** An earlier output of a stage that it carries on: its identity, if there is one. */
export type CarriedOn = {
  readonly kind: ArtifactKind;
  readonly of: string;
  readonly identity: string | undefined;
};

/**
 * Refuses to start anew, or from an older state, what somebody has used already: the latest output of a kind that any
 * stage has read, or one that was made since, must be there.
 *
 * @throws ThroughlineError INDEX_LOST, LOG_BROKEN, LOG_CHECKPOINT_REFUSED, KEY_*.
 */
export async function requireNotLost(
  place: LogPlace,
  { kind, of, identity }: CarriedOn,
  userId: number | undefined,
): Promise<void> {
  const log = await withNoteKey(logKeyFile(place), userId, ({ key }) => openLogIfThere(place.folder, key));
  if (log === undefined) return;
  const made = new Set<string>();
  for await (const { entry } of latestEntries(log)) {
    if (entry.event !== 'made') continue;
    const used = usedBy(entry, { kind, of });
    for (const output of entry.outputs) {
      if (entry.of === of && output.kind === kind) made.add(output.manifest);
    }
    if (used === undefined) continue;
    if (identity !== undefined && (used === identity || made.has(identity))) return;
    throw new ThroughlineError('INDEX_LOST', { kind: safeName(kind), of: safeName(of) });
  }
}

const usedBy = ({ inputs }: MadeEntry, { kind, of }: Pick<CarriedOn, 'kind' | 'of'>): string | undefined =>
  inputs.find((input) => input.kind === kind && input.name === of)?.sha256;
