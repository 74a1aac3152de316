import {
  type Edge,
  leafHash,
  type NoteKey,
  openCheckpoint,
  readEdge,
  readEntries,
  TILE_WIDTH,
  type Tile,
  type TiledLog,
  tilePath,
} from '@throughline/agreement';
import { type SafeName, safeName, ThroughlineError } from '@throughline/core';
import { primitives } from '../crypto/primitives.js';
import { brokenLog, CHECKPOINT, readFileOf } from './files.js';

const { sha256 } = primitives;

/** A log held to its checkpoint, whose signature was verified; `note` is the checkpoint as it is stored. */
export type OpenLog = TiledLog & { readonly note: Uint8Array };

/**
 * Opens a log. Nothing but the checkpoint is read yet.
 *
 * @throws ThroughlineError LOG_CHECKPOINT_REFUSED (also if there is none), LOG_BROKEN (unreadable).
 */
export async function openLog(folder: string, key: NoteKey): Promise<OpenLog> {
  const log = await openLogIfThere(folder, key);
  if (log === undefined) throw refusedCheckpoint('missing', safeName(CHECKPOINT));
  return log;
}

/** As `openLog`, but undefined where nothing was logged yet. */
export async function openLogIfThere(folder: string, key: NoteKey): Promise<OpenLog | undefined> {
  const readTile = readFileOf(folder);
  const note = await readTile(CHECKPOINT);
  if (note === undefined) return undefined;
  return { hash: sha256, head: headOf(note, key, safeName(CHECKPOINT)), readTile, note };
}

/** The tree head that a log's checkpoint states. @throws ThroughlineError LOG_CHECKPOINT_REFUSED */
export function headOf(note: Uint8Array, log: NoteKey, file: SafeName): TiledLog['head'] {
  const opened = openCheckpoint(primitives, note, { log, witnesses: [] });
  if ('refusal' in opened) throw refusedCheckpoint(opened.refusal, file);
  const { size, root } = opened.checkpoint;
  return { size, root };
}

export const refusedCheckpoint = (rule: string, file: SafeName): ThroughlineError =>
  new ThroughlineError('LOG_CHECKPOINT_REFUSED', { file, rule: safeName(rule) });

/** What appending needs: the right edge of the tree and the entries of the last, unfinished tile. */
export type Growing = { readonly edge: Edge; readonly unfinished: readonly Uint8Array[] };

/**
 * Reads what appending needs, checked against the head.
 *
 * @throws ThroughlineError LOG_BROKEN, also if more lies beyond the checkpoint than one append that was cut short.
 */
export async function readGrowing(log: TiledLog): Promise<Growing> {
  const edge = await readEdge(log);
  await requireNothingBeyond(log);
  return { edge, unfinished: await unfinishedEntries(log, edge) };
}

async function unfinishedEntries(log: TiledLog, { size, levels }: Edge): Promise<readonly Uint8Array[]> {
  const width = size % TILE_WIDTH;
  if (width === 0) return [];
  const tile: Tile = { level: 'entries', index: Math.floor(size / TILE_WIDTH), width };
  const entries = await readEntries(log, tile);
  const leaves = entries.map((entry) => Buffer.from(leafHash(sha256, entry)));
  if (leaves.every((leaf, place) => leaf.equals(levels[0]?.[place] ?? leaf.subarray(1)))) return entries;
  throw brokenLog('other entries than were hashed', { tile: safeName(tilePath(tile)) });
}

/**
 * An append that was cut short leaves one entry beyond the checkpoint. Where there are two, the checkpoint is not
 * the last one: it was put back.
 */
async function requireNothingBeyond({ head, readTile }: TiledLog): Promise<void> {
  const second = head.size + 1;
  const tile: Tile = {
    level: 'entries',
    index: Math.floor(second / TILE_WIDTH),
    width: (second % TILE_WIDTH) + 1,
  };
  for (const path of [tilePath(tile), tilePath({ ...tile, width: TILE_WIDTH })]) {
    if ((await readTile(path)) !== undefined)
      throw brokenLog('entries beyond the checkpoint', { tile: safeName(path) });
  }
}
