import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryTilesOf, parseTilePath, placeOf, type Tile, tilePath, tilesOf } from './tile.js';

describe('a tile path', () => {
  it.each<[string, Tile]>([
    ['tile/0/x001/x234/067', { level: 0, index: 1_234_067, width: 256 }],
    ['tile/0/000', { level: 0, index: 0, width: 256 }],
    ['tile/1/001.p/17', { level: 1, index: 1, width: 17 }],
    ['tile/entries/x001/000.p/255', { level: 'entries', index: 1000, width: 255 }],
    ['tile/63/999', { level: 63, index: 999, width: 256 }],
  ])('%s', (path, tile) => {
    expect(tilePath(tile)).toBe(path);
    expect(parseTilePath(path)).toEqual(tile);
  });

  it('reads back as the tile it was written for', () => {
    const tiles = fc.record({
      level: fc.oneof(fc.integer({ min: 0, max: 63 }), fc.constant('entries' as const)),
      index: fc.maxSafeNat(),
      width: fc.integer({ min: 1, max: 256 }),
    });
    fc.assert(
      fc.property(tiles, (tile) => {
        expect(parseTilePath(tilePath(tile))).toEqual(tile);
      }),
    );
  });

  it.each([
    '',
    'tile/0/0',
    'tile/00/000',
    'tile/64/000',
    'tile/-1/000',
    'tile/0/x000/000',
    'tile/0/001/000',
    'tile/0/x001/x234',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/07',
    'tile/0/000.p/',
    'tile/0/000\n',
    '/tile/0/000',
    'tile/entries',
    'tile/Entries/000',
    'tile/0/x999/x999/x999/x999/x999/999',
    '../tile/0/000',
  ])('%j is none', (path) => {
    expect(parseTilePath(path)).toBeUndefined();
  });

  it('is not made for what the format has no place for', () => {
    for (const tile of [
      { level: 64, index: 0, width: 1 },
      { level: 0, index: -1, width: 1 },
      { level: 0, index: 0, width: 0 },
      { level: 0, index: 0, width: 257 },
      { level: 0.5, index: 0, width: 1 },
    ]) {
      expect(() => tilePath(tile)).toThrow(RangeError);
    }
  });
});

describe('the tiles of a tree', () => {
  it('of 70,000 leaves are those of the specification', () => {
    const tiles = [...tilesOf(70_000)].map(({ level, width }) => `${level}:${width}`);
    expect(tiles).toHaveLength(277);
    expect(tiles.filter((tile) => tile === '0:256')).toHaveLength(273);
    expect(tiles.slice(273)).toEqual(['0:112', '1:256', '1:17', '2:1']);
  });

  it('of 256 leaves are a full one and one of width 1 above it', () => {
    expect([...tilesOf(256)].map(tilePath)).toEqual(['tile/0/000', 'tile/1/000.p/1']);
    expect([...tilesOf(0)]).toEqual([]);
    expect([...entryTilesOf(257)].map(tilePath)).toEqual(['tile/entries/000', 'tile/entries/001.p/1']);
  });

  it('hold every perfect subtree within one tile', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 40 }), fc.nat(40), fc.maxSafeNat(), (size, level, pick) => {
        const nodes = Math.floor(size / 2 ** level);
        fc.pre(nodes > 0);
        const { tile, from, to } = placeOf({ level, index: pick % nodes }, size);
        expect(to).toBeLessThanOrEqual(tile.width);
        expect((tile.index * 256 + from) * 256 ** tile.level).toBe((pick % nodes) * 2 ** level);
        expect((to - from) * 256 ** tile.level).toBe(2 ** level);
      }),
    );
  });
});
