import { joinBytes } from '../bytes.js';
import { TILE_WIDTH, type TileFile } from './tile.js';

/** The longest entry in bytes: its length is written in 16 bits. */
export const LONGEST_ENTRY = 0xffff;

/**
 * What the file of a tile of entries holds: each entry after its length as a big-endian 16-bit integer.
 *
 * @throws RangeError if an entry is longer than 65,535 bytes (the entry is not repeated).
 */
export function formatEntries(entries: readonly Uint8Array[]): Uint8Array {
  if (entries.some((entry) => entry.length > LONGEST_ENTRY)) {
    throw new RangeError('formatEntries: entries of at most 65535 bytes expected');
  }
  return joinBytes(
    entries.flatMap((entry) => [Uint8Array.of(entry.length >> 8, entry.length & 0xff), entry]),
  );
}

/** The entries of a tile's file; undefined if the file ends within an entry. */
export function parseEntries(bytes: Uint8Array): Uint8Array[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: Uint8Array[] = [];
  let offset = 0;
  while (offset + 2 <= bytes.length) {
    const end = offset + 2 + view.getUint16(offset);
    entries.push(bytes.slice(offset + 2, end));
    offset = end;
  }
  return offset === bytes.length ? entries : undefined;
}

/** The size of a log and the entries of its last tile, if that is not full. */
export type EntriesSoFar = { readonly size: number; readonly unfinished: readonly Uint8Array[] };

/**
 * The tiles of entries to write when entries are appended: full ones as they fill up, and at last a partial one.
 *
 * @throws RangeError unless `unfinished` holds `size` modulo 256 entries.
 */
export function entryTilesAfter(
  { size, unfinished }: EntriesSoFar,
  appended: readonly Uint8Array[],
): TileFile[] {
  if (unfinished.length !== size % TILE_WIDTH) {
    throw new RangeError('entryTilesAfter: the entries of the last, unfinished tile expected');
  }
  if (appended.length === 0) return [];
  const entries = [...unfinished, ...appended];
  const first = Math.floor(size / TILE_WIDTH);
  return Array.from({ length: Math.ceil(entries.length / TILE_WIDTH) }, (_, place) => {
    const held = entries.slice(place * TILE_WIDTH, (place + 1) * TILE_WIDTH);
    const tile = { level: 'entries' as const, index: first + place, width: held.length };
    return { tile, bytes: formatEntries(held) };
  });
}
