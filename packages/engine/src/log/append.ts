import { join } from 'node:path';
import {
  appendToEdge,
  emptyEdge,
  entryTilesAfter,
  formatCheckpoint,
  formatNote,
  HASH_BYTES,
  leafHash,
  type NoteSigningKey,
  rangeOfEdge,
  rangeRoot,
  signNote,
  TILE_WIDTH,
  type TreeHead,
  tilePath,
} from '@throughline/agreement';
import { safeName } from '@throughline/core';
import { primitives } from '../crypto/primitives.js';
import { removeFolder } from '../files/durable.js';
import { formatLogEntry, type LogEntry } from './entry.js';
import { brokenLog, CHECKPOINT, readFileOf, writeFileOf } from './files.js';
import { type LogPlace, logKeyFile, withNoteKey } from './key.js';
import { type Growing, openLogIfThere, readGrowing } from './open.js';

const { sha256 } = primitives;

/**
 * Appends an entry and waits until it, the tiles over it and the checkpoint that covers it are on the disk.
 *
 * @returns the entry's index.
 * @throws ThroughlineError LOG_BROKEN, LOG_CHECKPOINT_REFUSED, LOG_ENTRY_TOO_LONG, KEY_*, OUTPUT_UNWRITABLE.
 */
export async function appendToLog(
  place: LogPlace,
  entry: LogEntry,
  userId: number | undefined,
): Promise<number> {
  const bytes = formatLogEntry(entry);
  return withNoteKey(logKeyFile(place), userId, async (signer) => {
    const log = await openLogIfThere(place.folder, signer.key);
    const growing = log === undefined ? await nothingYet(place.folder) : await readGrowing(log);
    await writeGrowth(place.folder, growthOf(growing, bytes, signer));
    return growing.edge.size;
  });
}

/** A log without a checkpoint is empty, but for what one append that was cut short left. */
async function nothingYet(folder: string): Promise<Growing> {
  const head = { size: 0, root: rangeRoot(sha256, rangeOfEdge(sha256, emptyEdge)) };
  return readGrowing({ hash: sha256, head, readTile: readFileOf(folder) });
}

/** A file to write. What it replaces, if anything, must begin with its first `kept` bytes. */
type GrownFile = { readonly path: string; readonly bytes: Uint8Array; readonly kept: number };

/** What an append writes, in this order, and the folders of partial tiles that go once it is done. */
export type Growth = { readonly files: readonly GrownFile[]; readonly outgrown: readonly string[] };

/** The files of the log with one more entry. The checkpoint is last: until it is written, the old tree stands. */
export function growthOf({ edge, unfinished }: Growing, entry: Uint8Array, signer: NoteSigningKey): Growth {
  const grown = appendToEdge(sha256, edge, [leafHash(sha256, entry)]);
  const entries = entryTilesAfter({ size: edge.size, unfinished }, [entry]);
  const tiles = [
    ...entries.map((file) => ({ ...file, added: 2 + entry.length })),
    ...grown.tiles.map((file) => ({ ...file, added: HASH_BYTES })),
  ];
  const root = rangeRoot(sha256, rangeOfEdge(sha256, grown.edge));
  const note = signedCheckpoint({ size: grown.edge.size, root }, signer);
  return {
    files: [
      ...tiles.map(({ tile, bytes, added }) => ({
        path: tilePath(tile),
        bytes,
        kept: bytes.length - added,
      })),
      { path: CHECKPOINT, bytes: new TextEncoder().encode(note), kept: 0 },
    ],
    outgrown: tiles.filter(({ tile }) => tile.width === TILE_WIDTH).map(({ tile }) => `${tilePath(tile)}.p`),
  };
}

function signedCheckpoint(head: TreeHead, signer: NoteSigningKey): string {
  const text = formatCheckpoint({ origin: signer.key.name, ...head, extensions: [] });
  return formatNote({ text, signatures: [signNote(primitives, text, signer)] });
}

/**
 * Tiles of older checkpoints stay until their tile is full (C2SP tlog-tiles, partial tiles).
 *
 * @throws ThroughlineError LOG_BROKEN, OUTPUT_UNWRITABLE.
 */
async function writeGrowth(folder: string, { files, outgrown }: Growth): Promise<void> {
  const read = readFileOf(folder);
  for (const { path, bytes, kept } of files) {
    const there = await read(path);
    if (there !== undefined && !Buffer.from(there.subarray(0, kept)).equals(bytes.subarray(0, kept)))
      throw brokenLog('another past beyond the checkpoint', { tile: safeName(path) });
    await writeFileOf(folder, path, bytes);
  }
  for (const path of outgrown) await removeFolder(join(folder, path));
}
