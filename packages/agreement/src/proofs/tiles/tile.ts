import { joinBytes } from '../bytes.js';
import { isCount } from '../hash.js';
import type { NodeAt } from '../prove.js';
import type { TreeNode } from '../ranges.js';

/** Levels of the tree in one tile, and the hashes of a full tile: C2SP tlog-tiles. */
export const TILE_HEIGHT = 8;
export const TILE_WIDTH = 256;
const HIGHEST_LEVEL = 63;

/**
 * A tile: `width` hashes (1 to 256) from the `index`-th place of a level, or as many entries. At level 0 the
 * hashes are of leaves; above it each is the root of a full tile of the level below.
 */
export type Tile = { readonly level: number | 'entries'; readonly index: number; readonly width: number };

/** A tile of hashes. */
export type HashTile = Tile & { readonly level: number };

/** A tile and what its file holds. */
export type TileFile = { readonly tile: Tile; readonly bytes: Uint8Array };

/**
 * Where a tile is kept, such as `tile/0/x001/234` or, for a partial one, `tile/entries/012.p/7`.
 *
 * @throws RangeError unless level, index and width are within the format.
 */
export function tilePath({ level, index, width }: Tile): string {
  const levelFits = level === 'entries' || (isCount(level) && level <= HIGHEST_LEVEL);
  if (!levelFits || !isCount(index) || !isCount(width) || width < 1 || width > TILE_WIDTH) {
    throw new RangeError('tilePath: level 0 to 63, an index, and width 1 to 256 expected');
  }
  const partial = width === TILE_WIDTH ? '' : `.p/${width}`;
  return `tile/${level}/${indexPath(index)}${partial}`;
}

/** 1234067 as x001/x234/067. */
function indexPath(index: number): string {
  const last = String(index % 1000).padStart(3, '0');
  const before = Math.floor(index / 1000);
  return before === 0 ? last : `${indexPath(before).replace(/(\d{3})$/, 'x$1')}/${last}`;
}

const TILE_PATH = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d{1,3}))?$/;

/** The tile at a path; undefined if this is not exactly how a tile's path is written. */
export function parseTilePath(path: string): Tile | undefined {
  const [, level = '', index = '', width] = TILE_PATH.exec(path) ?? [];
  const tile: Tile = {
    level: level === 'entries' ? level : Number(level),
    index: Number(index.replaceAll(/[x/]/g, '')),
    width: width === undefined ? TILE_WIDTH : Number(width),
  };
  return isWritten(tile, path) ? tile : undefined;
}

function isWritten(tile: Tile, path: string): boolean {
  try {
    return tilePath(tile) === path;
  } catch {
    return false;
  }
}

/** Every tile of hashes that a tree of `size` leaves has, level by level, each level's partial tile last. */
export function* tilesOf(size: number): Generator<HashTile> {
  for (let level = 0, hashes = size; hashes > 0; level += 1, hashes = Math.floor(hashes / TILE_WIDTH)) {
    yield* rowOf(level, hashes);
  }
}

/** Every tile of entries that a log of `size` entries has. */
export const entryTilesOf = (size: number): Generator<Tile & { readonly level: 'entries' }> =>
  rowOf('entries', size);

function* rowOf<Level extends Tile['level']>(
  level: Level,
  count: number,
): Generator<Tile & { readonly level: Level }> {
  for (let index = 0; index * TILE_WIDTH < count; index += 1) {
    yield { level, index, width: Math.min(TILE_WIDTH, count - index * TILE_WIDTH) };
  }
}

/** What the file of a tile of hashes holds: its hashes, one after the other. */
export const tileBytes = ({ level, index, width }: HashTile, nodeAt: NodeAt): Uint8Array =>
  joinBytes(
    Array.from({ length: width }, (_, place) =>
      nodeAt({ level: level * TILE_HEIGHT, index: index * TILE_WIDTH + place }),
    ),
  );

/** Some hashes of a tile, from place `from` up to, but not including, `to`, and the tile. */
export type PlaceInTile = { readonly tile: HashTile; readonly from: number; readonly to: number };

/** Where in the tiles of a tree of `size` leaves the hashes are that a perfect subtree is made of. */
export function placeOf({ level, index }: TreeNode, size: number): PlaceInTile {
  const tileLevel = Math.floor(level / TILE_HEIGHT);
  const hashes = 2 ** (level % TILE_HEIGHT);
  const first = index * hashes;
  const tileIndex = Math.floor(first / TILE_WIDTH);
  const row = Math.floor(size / TILE_WIDTH ** tileLevel);
  const width = Math.min(TILE_WIDTH, row - tileIndex * TILE_WIDTH);
  const from = first % TILE_WIDTH;
  return { tile: { level: tileLevel, index: tileIndex, width }, from, to: from + hashes };
}
