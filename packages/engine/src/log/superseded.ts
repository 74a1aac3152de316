import type { TiledLog } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import { latestEntries } from './entries.js';
import type { MadeEntry } from './entry.js';
import { type LogPlace, logKeyFile, withNoteKey } from './key.js';
import { openLogIfThere } from './open.js';

/** A document under which a stage is about to work. */
export type Governing = {
  readonly document: { readonly kind: string; readonly id: string; readonly version: number };
  readonly sha256: string;
};

/**
 * Refuses a document of which the log has seen a later version, or other bytes of the same version: what has been
 * superseded never comes back, also where the later file was taken away.
 *
 * @throws ThroughlineError DOCUMENT_ROLLED_BACK, LOG_BROKEN, LOG_CHECKPOINT_REFUSED, KEY_*.
 */
export async function requireNoneSuperseded(
  place: LogPlace,
  governing: readonly Governing[],
  userId: number | undefined,
): Promise<void> {
  const log = await withNoteKey(logKeyFile(place), userId, ({ key }) => openLogIfThere(place.folder, key));
  if (log === undefined) return;
  const latest = await lastSeen(log, new Set(governing.map(nameOf)));
  for (const each of governing) {
    const seen = latest.get(nameOf(each));
    if (seen === undefined || follows(each, seen)) continue;
    throw new ThroughlineError('DOCUMENT_ROLLED_BACK', {
      document: safeName(each.document.id),
      version: each.document.version,
      logged_version: seen.version,
    });
  }
}

type Seen = MadeEntry['documents'][number];

const nameOf = ({ document: { kind, id } }: Governing): string => `${kind} ${id}`;

const follows = ({ document, sha256 }: Governing, seen: Seen): boolean =>
  document.version > seen.version || (document.version === seen.version && sha256 === seen.sha256);

/** The latest mention of each document. Every entry was held to the ones before it, so it is the highest too. */
async function lastSeen(log: TiledLog, wanted: Set<string>): Promise<Map<string, Seen>> {
  const found = new Map<string, Seen>();
  for await (const { entry } of latestEntries(log)) {
    for (const seen of entry.event === 'made' ? entry.documents : []) {
      const name = `${seen.kind} ${seen.id}`;
      if (wanted.has(name) && !found.has(name)) found.set(name, seen);
    }
    if (found.size === wanted.size) break;
  }
  return found;
}
