import { joinBytes } from '../bytes.js';
import type { CompactRange } from '../compact-range.js';
import { type Hash, nodeHash } from '../hash.js';
import { perfectNodes } from '../ranges.js';
import { TILE_WIDTH, type TileFile } from './tile.js';

/**
 * The right edge of a tiled tree: for each level the hashes of its unfinished tile (fewer than 256). It is all
 * that appending needs; no leaf is read again.
 */
export type Edge = { readonly size: number; readonly levels: readonly (readonly Uint8Array[])[] };

export const emptyEdge: Edge = { size: 0, levels: [] };

/** The edge after leaves were appended, and the tiles to write: those that became full, then the partial ones. */
export function appendToEdge(
  hash: Hash,
  edge: Edge,
  leaves: readonly Uint8Array[],
): { edge: Edge; tiles: TileFile[] } {
  const levels = edge.levels.map((hashes) => [...hashes]);
  const size = edge.size + leaves.length;
  const rowBefore = (level: number) => Math.floor(edge.size / TILE_WIDTH ** level);
  const rowAfter = (level: number) => Math.floor(size / TILE_WIDTH ** level);
  const full = leaves.flatMap((leaf, place) => push({ hash, levels, size: edge.size + place + 1 }, leaf));
  const partial = levels.flatMap((hashes, level) =>
    hashes.length === 0 || rowBefore(level) === rowAfter(level)
      ? []
      : [tileFile({ level, index: Math.floor(rowAfter(level) / TILE_WIDTH), hashes })],
  );
  return { edge: { size, levels }, tiles: [...full, ...partial] };
}

type Growing = { readonly hash: Hash; readonly levels: Uint8Array[][]; readonly size: number };

/** Puts a leaf into the growing levels, and the root of each tile that it fills into the level above. */
function push({ hash, levels, size }: Growing, leaf: Uint8Array): TileFile[] {
  const filled: TileFile[] = [];
  let next = leaf;
  for (let level = 0; ; level += 1) {
    const hashes = levels[level] ?? [];
    hashes.push(next);
    levels[level] = hashes;
    if (hashes.length < TILE_WIDTH) return filled;
    filled.push(tileFile({ level, index: size / TILE_WIDTH ** (level + 1) - 1, hashes }));
    levels[level] = [];
    next = perfectRoot(hash, hashes);
  }
}

type Row = { readonly level: number; readonly index: number; readonly hashes: readonly Uint8Array[] };

const tileFile = ({ level, index, hashes }: Row): TileFile => ({
  tile: { level, index, width: hashes.length },
  bytes: joinBytes(hashes),
});

/** The root over a power of two of hashes. */
export function perfectRoot(hash: Hash, hashes: readonly Uint8Array[]): Uint8Array {
  const [left, right] = hashes;
  if (left === undefined) throw new RangeError('perfectRoot: at least one hash expected');
  if (right === undefined) return left;
  const half = hashes.length / 2;
  return nodeHash(hash, perfectRoot(hash, hashes.slice(0, half)), perfectRoot(hash, hashes.slice(half)));
}

/** The roots of the perfect subtrees that the edge stands for; their root is the root of the tree. */
export const rangeOfEdge = (hash: Hash, { size, levels }: Edge): CompactRange => ({
  size,
  roots: levels.toReversed().flatMap((hashes) => perfectRootsOf(hash, hashes)),
});

const perfectRootsOf = (hash: Hash, hashes: readonly Uint8Array[]): Uint8Array[] =>
  perfectNodes({ begin: 0, end: hashes.length }).map(({ level, index }) =>
    perfectRoot(hash, hashes.slice(index * 2 ** level, (index + 1) * 2 ** level)),
  );
