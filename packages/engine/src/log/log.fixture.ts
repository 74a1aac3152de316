import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { appendToEdge, emptyEdge, leafHash, TILE_WIDTH } from '@throughline/agreement';
import { primitives } from '../crypto/primitives.js';
import { exists } from '../files/durable.js';
import { createKey } from '../keys/key-file.js';
import { growthOf } from './append.js';
import { latestEntries } from './entries.js';
import { formatLogEntry, type LogEntry, type MadeEntry } from './entry.js';
import { type LogPlace, logKeyFile, withNoteKey } from './key.js';
import { type Growing, openLogIfThere, readGrowing } from './open.js';
import { type VerifiedLog, verifyLog } from './verify.js';

/** Where the log of a test in a folder is. */
export const logPlace = (folder: string): LogPlace => ({
  folder: join(folder, 'log'),
  origin: 'test.example/log',
  key: join(folder, 'log.key'),
});

/** Makes the key of a test's log. */
export async function newLog(folder: string): Promise<LogPlace> {
  const place = logPlace(folder);
  if (!(await exists(place.key))) await createKey(place.key);
  return place;
}

const userId = process.getuid?.();

export const verified = (place: LogPlace, older?: Uint8Array): Promise<VerifiedLog> =>
  withNoteKey(logKeyFile(place), userId, ({ key }) => verifyLog(place.folder, key, older));

/** Every entry of a log, the first one first; none where nothing was logged. */
export async function entriesOf(place: LogPlace): Promise<LogEntry[]> {
  const log = await withNoteKey(logKeyFile(place), userId, ({ key }) => openLogIfThere(place.folder, key));
  const entries: LogEntry[] = [];
  if (log !== undefined) for await (const { entry } of latestEntries(log)) entries.unshift(entry);
  return entries;
}

/** An entry that is told from others by a number. */
export const madeEntry = (number: number): MadeEntry => ({
  event: 'made',
  stage: 'link',
  of: `city ${number}`,
  outputs: [{ kind: 'people', manifest: String(number).padStart(64, '0') }],
  inputs: [],
  documents: [],
  at: '2026-06-16T00:00:00.000Z',
});

/** Leaves what appending entries one by one leaves, without waiting for the disk at each. */
export const fill = (place: LogPlace, from: number, to: number): Promise<void> =>
  withNoteKey(logKeyFile(place), userId, async (signer) => {
    const log = await openLogIfThere(place.folder, signer.key);
    let growing: Growing = log === undefined ? { edge: emptyEdge, unfinished: [] } : await readGrowing(log);
    const files = new Map<string, Uint8Array>();
    for (let number = from; number < to; number += 1) {
      const entry = formatLogEntry(madeEntry(number));
      const growth = growthOf(growing, entry, signer);
      for (const { path, bytes } of growth.files) files.set(path, bytes);
      for (const outgrown of growth.outgrown) {
        for (const path of files.keys()) if (path.startsWith(outgrown)) files.delete(path);
        await rm(join(place.folder, outgrown), { recursive: true, force: true });
      }
      growing = grownBy(growing, entry);
    }
    for (const [path, bytes] of files) {
      await mkdir(dirname(join(place.folder, path)), { recursive: true });
      await writeFile(join(place.folder, path), bytes);
    }
  });

function grownBy({ edge, unfinished }: Growing, entry: Uint8Array): Growing {
  const grown = appendToEdge(primitives.sha256, edge, [leafHash(primitives.sha256, entry)]).edge;
  return { edge: grown, unfinished: grown.size % TILE_WIDTH === 0 ? [] : [...unfinished, entry] };
}
