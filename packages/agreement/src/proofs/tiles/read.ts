import { safeName, ThroughlineError } from '@throughline/core';
import { sameBytes } from '../bytes.js';
import { rangeRoot } from '../compact-range.js';
import { HASH_BYTES, type Hash, leafHash, type TreeHead } from '../hash.js';
import { type NodeAt, proveConsistency, proveInclusion, treeRoot } from '../prove.js';
import {
  consistencyRanges,
  inclusionRanges,
  type LeafRange,
  perfectNodes,
  type TreeNode,
} from '../ranges.js';
import { verifyConsistency, verifyInclusion } from '../verify.js';
import { appendToEdge, type Edge, emptyEdge, perfectRoot, rangeOfEdge } from './edge.js';
import { parseEntries } from './entries.js';
import { entryTilesOf, placeOf, TILE_WIDTH, type Tile, type TileFile, tilePath } from './tile.js';

/** Gives the bytes of a tile's file, or undefined if there is none. */
export type ReadTile = (path: string) => Promise<Uint8Array | undefined>;

/** A log kept as tiles, and the head that it is held to: from a checkpoint whose signatures were verified. */
export type TiledLog = { readonly hash: Hash; readonly head: TreeHead; readonly readTile: ReadTile };

const OTHER_ROOT = 'a root other than the head states';

/**
 * The hash of an entry and the proof that it is in the log, from tiles that were checked against the head.
 *
 * @throws ThroughlineError LOG_BROKEN (with the tile, if one is missing or cut); RangeError unless 0 ≤ index <
 *   size.
 */
export async function inclusionFromTiles(
  log: TiledLog,
  index: number,
): Promise<{ leaf: Uint8Array; proof: Uint8Array[] }> {
  const { hash, head } = log;
  const leafNode = { level: 0, index };
  const nodeAt = await readNodes(log, [leafNode, ...nodesOf(inclusionRanges(index, head.size))]);
  const leaf = nodeAt(leafNode);
  const proof = proveInclusion(hash, { index, size: head.size }, nodeAt);
  if (!verifyInclusion(hash, { index, leaf, head }, proof)) throw broken(OTHER_ROOT);
  return { leaf, proof };
}

/**
 * The head that the log had at an older size and the proof that it has only grown since, from tiles that were
 * checked against the head.
 *
 * @throws ThroughlineError LOG_BROKEN; RangeError unless 1 ≤ older ≤ size.
 */
export async function consistencyFromTiles(
  log: TiledLog,
  older: number,
): Promise<{ older: TreeHead; proof: Uint8Array[] }> {
  const { hash, head } = log;
  const ranges = [...consistencyRanges(older, head.size), { begin: 0, end: older }];
  const nodeAt = await readNodes(log, nodesOf(ranges));
  const olderHead = { size: older, root: treeRoot(hash, older, nodeAt) };
  const proof = proveConsistency(hash, { older, newer: head.size }, nodeAt);
  if (!verifyConsistency(hash, { older: olderHead, newer: head }, proof)) {
    throw broken(OTHER_ROOT);
  }
  return { older: olderHead, proof };
}

/**
 * The right edge of the log, which appending starts from.
 *
 * @throws ThroughlineError LOG_BROKEN
 */
export async function readEdge(log: TiledLog): Promise<Edge> {
  const { size, root } = log.head;
  const levels: Uint8Array[][] = [];
  for (let level = 0, row = size; row > 0; level += 1, row = Math.floor(row / TILE_WIDTH)) {
    const tile = { level, index: Math.floor(row / TILE_WIDTH), width: row % TILE_WIDTH };
    levels.push(tile.width === 0 ? [] : hashesIn(await readHashes(log, tile)));
  }
  const edge = { size, levels };
  if (!sameBytes(rangeRoot(log.hash, rangeOfEdge(log.hash, edge)), root)) {
    throw broken(OTHER_ROOT);
  }
  return edge;
}

/**
 * Reads the whole log and checks that every tile of hashes follows from the entries, and the head from them all.
 *
 * @throws ThroughlineError LOG_BROKEN, naming the first tile that does not fit.
 */
export async function auditTiles(log: TiledLog): Promise<void> {
  const { hash, head } = log;
  let edge = emptyEdge;
  let unfinished: TileFile[] = [];
  for (const tile of entryTilesOf(head.size)) {
    const leaves = (await readEntries(log, tile)).map((entry) => leafHash(hash, entry));
    const grown = appendToEdge(hash, edge, leaves);
    await compareTiles(log, grown.tiles.filter(isFull));
    unfinished = unfinishedTiles(unfinished, grown.tiles);
    edge = grown.edge;
  }
  await compareTiles(log, unfinished);
  if (!sameBytes(rangeRoot(hash, rangeOfEdge(hash, edge)), head.root)) {
    throw broken(OTHER_ROOT);
  }
}

const isFull = ({ tile }: TileFile): boolean => tile.width === TILE_WIDTH;

/** The partial tile of each level after a step: a newer tile of a level takes the place of the one before. */
function unfinishedTiles(before: readonly TileFile[], written: readonly TileFile[]): TileFile[] {
  const latest = new Map([...before, ...written].map((file) => [file.tile.level, file]));
  return [...latest.values()].filter((file) => !isFull(file));
}

async function compareTiles(log: TiledLog, expected: readonly TileFile[]): Promise<void> {
  for (const { tile, bytes } of expected) {
    if (!sameBytes(await readHashes(log, tile), bytes)) throw broken('hashes of other entries', tile);
  }
}

/**
 * The entries of a tile, as many as the tile is wide. They are checked for form only: compare their leaf hashes
 * with a proof, or audit the log.
 *
 * @throws ThroughlineError LOG_BROKEN
 */
export async function readEntries(log: Pick<TiledLog, 'readTile'>, tile: Tile): Promise<Uint8Array[]> {
  const { bytes, width } = await readPart(log, tile);
  const entries = parseEntries(bytes);
  if (entries?.length !== width) throw broken('another number of entries', tile);
  return entries.slice(0, tile.width);
}

const nodesOf = (ranges: readonly LeafRange[]): TreeNode[] => ranges.flatMap(perfectNodes);

/** Reads the tiles that some perfect subtrees are in, each once. */
async function readNodes(log: TiledLog, nodes: readonly TreeNode[]): Promise<NodeAt> {
  const read = new Map<string, Uint8Array>();
  for (const { tile } of nodes.map((node) => placeOf(node, log.head.size))) {
    const path = tilePath(tile);
    if (!read.has(path)) read.set(path, await readHashes(log, tile));
  }
  return (node) => {
    const { tile, from, to } = placeOf(node, log.head.size);
    const bytes = read.get(tilePath(tile)) ?? new Uint8Array();
    return perfectRoot(log.hash, hashesIn(bytes.subarray(from * HASH_BYTES, to * HASH_BYTES)));
  };
}

async function readHashes(log: TiledLog, tile: Tile): Promise<Uint8Array> {
  const { bytes, width } = await readPart(log, tile);
  if (bytes.length !== width * HASH_BYTES) throw broken('another number of hashes', tile);
  return bytes.subarray(0, tile.width * HASH_BYTES);
}

/** A partial tile may be gone once the full one is there, which begins with the same hashes or entries. */
async function readPart(
  { readTile }: Pick<TiledLog, 'readTile'>,
  tile: Tile,
): Promise<{ bytes: Uint8Array; width: number }> {
  const bytes = await readTile(tilePath(tile));
  if (bytes !== undefined) return { bytes, width: tile.width };
  const full = await readTile(tilePath({ ...tile, width: TILE_WIDTH }));
  if (full === undefined) throw broken('missing', tile);
  return { bytes: full, width: TILE_WIDTH };
}

const hashesIn = (bytes: Uint8Array): Uint8Array[] =>
  Array.from({ length: bytes.length / HASH_BYTES }, (_, place) =>
    bytes.slice(place * HASH_BYTES, (place + 1) * HASH_BYTES),
  );

const broken = (found: string, tile?: Tile): ThroughlineError =>
  new ThroughlineError('LOG_BROKEN', {
    found: safeName(found),
    ...(tile === undefined ? {} : { tile: safeName(tilePath(tile)) }),
  });
