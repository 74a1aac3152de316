import {
  inclusionFromTiles,
  leafHash,
  readEntries,
  TILE_WIDTH,
  type Tile,
  type TiledLog,
} from '@throughline/agreement';
import { primitives } from '../crypto/primitives.js';
import { type LogEntry, parseLogEntry } from './entry.js';
import { brokenLog } from './files.js';

/** An entry and its index in the log. */
export type Numbered = { readonly index: number; readonly entry: LogEntry; readonly bytes: Uint8Array };

/**
 * The entries of a log, the latest first. They are checked for form only: see `requireIncluded`.
 *
 * @throws ThroughlineError LOG_BROKEN
 */
export async function* latestEntries(log: TiledLog): AsyncGenerator<Numbered> {
  for (let end = log.head.size; end > 0; end -= 1 + ((end - 1) % TILE_WIDTH)) {
    const width = 1 + ((end - 1) % TILE_WIDTH);
    const tile: Tile = { level: 'entries', index: (end - width) / TILE_WIDTH, width };
    const entries = await readEntries(log, tile);
    for (const [place, bytes] of [...entries.entries()].reverse()) yield numbered(end - width + place, bytes);
  }
}

function numbered(index: number, bytes: Uint8Array): Numbered {
  const entry = parseLogEntry(bytes);
  if (entry === undefined) throw brokenLog('an entry of another form', { entry: index });
  return { index, entry, bytes };
}

/** Proves that an entry is in the log at its index. @throws ThroughlineError LOG_BROKEN */
export async function requireIncluded(log: TiledLog, { index, bytes }: Numbered): Promise<void> {
  const { leaf } = await inclusionFromTiles(log, index);
  if (!Buffer.from(leaf).equals(leafHash(primitives.sha256, bytes)))
    throw brokenLog('another entry than was hashed', { entry: index });
}
