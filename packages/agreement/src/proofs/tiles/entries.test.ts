import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entriesOf } from '../naive-tree.fixture.js';
import { entryTilesAfter, formatEntries, LONGEST_ENTRY, parseEntries } from './entries.js';
import { entryTilesOf, type TileFile, tilePath } from './tile.js';

describe('a tile of entries', () => {
  it('is each entry after its length', () => {
    const entries = [Uint8Array.of(1, 2, 3), new Uint8Array(), new Uint8Array(258)];
    expect([...formatEntries(entries).subarray(0, 9)]).toEqual([0, 3, 1, 2, 3, 0, 0, 1, 2]);
  });

  it('reads back, and not when it is cut or has more behind it', () => {
    const lists = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(lists, (entries) => {
        const bytes = formatEntries(entries);
        expect(parseEntries(bytes)).toEqual(entries);
        expect(parseEntries(Uint8Array.from([...bytes, 0]))).toBeUndefined();
        const cut = parseEntries(bytes.slice(0, -1));
        expect(cut === undefined || cut.length < entries.length).toBe(true);
      }),
    );
  });

  it('has entries of at most 65,535 bytes', () => {
    expect(parseEntries(formatEntries([new Uint8Array(LONGEST_ENTRY)]))?.[0]).toHaveLength(LONGEST_ENTRY);
    expect(() => formatEntries([new Uint8Array(LONGEST_ENTRY + 1)])).toThrow(RangeError);
  });
});

const byIndex = (files: readonly TileFile[]) =>
  Object.fromEntries(files.map(({ tile, bytes }) => [tilePath(tile), Buffer.from(bytes).toString('base64')]));

describe('appending entries', () => {
  it('ends with the tiles that writing all at once gives, however it is split', () => {
    const entries = entriesOf(700);
    const whole = byIndex(entryTilesAfter({ size: 0, unfinished: [] }, entries));
    expect(Object.keys(whole)).toEqual([...entryTilesOf(700)].map(tilePath));
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 6 }), (cuts) => {
        const stops = [...new Set([0, ...cuts, 700])].sort((one, other) => one - other);
        const written = stops.slice(1).flatMap((stop, step) => {
          const size = stops[step] ?? 0;
          const unfinished = entries.slice(size - (size % 256), size);
          return entryTilesAfter({ size, unfinished }, entries.slice(size, stop));
        });
        expect(byIndex(written)).toMatchObject(whole);
      }),
      { numRuns: 20 },
    );
  });

  it('needs the entries of the unfinished tile', () => {
    expect(() => entryTilesAfter({ size: 3, unfinished: [] }, entriesOf(1))).toThrow(RangeError);
    expect(entryTilesAfter({ size: 256, unfinished: [] }, [])).toEqual([]);
  });
});
