import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ThroughlineError } from '@throughline/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rangeRoot } from '../compact-range.js';
import { leafHash } from '../hash.js';
import { entriesOf, naivePath, naiveProof, naiveRoot } from '../naive-tree.fixture.js';
import { nodesOfLeaves } from '../prove.js';
import { appendToEdge, emptyEdge, rangeOfEdge } from './edge.js';
import { entryTilesAfter } from './entries.js';
import { auditTiles, consistencyFromTiles, inclusionFromTiles, readEdge, type TiledLog } from './read.js';
import { type HashTile, tileBytes, tilePath, tilesOf } from './tile.js';

const sha256 = (bytes: Uint8Array) => Uint8Array.from(createHash('sha256').update(bytes).digest());
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

/** A log in memory, grown to each size in turn as a stage would grow it. */
function grow(stops: readonly number[]): { files: Map<string, Uint8Array>; log: TiledLog } {
  const entries = entriesOf(stops.at(-1) ?? 0);
  const files = new Map<string, Uint8Array>();
  let edge = emptyEdge;
  for (const stop of stops) {
    const unfinished = entries.slice(edge.size - (edge.size % 256), edge.size);
    const appended = entries.slice(edge.size, stop);
    const bundles = entryTilesAfter({ size: edge.size, unfinished }, appended);
    const grown = appendToEdge(
      sha256,
      edge,
      appended.map((entry) => leafHash(sha256, entry)),
    );
    for (const { tile, bytes } of [...bundles, ...grown.tiles]) files.set(tilePath(tile), bytes);
    edge = grown.edge;
  }
  const head = { size: edge.size, root: rangeRoot(sha256, rangeOfEdge(sha256, edge)) };
  return { files, log: { hash: sha256, head, readTile: async (path) => files.get(path) } };
}

type Proof = { readonly proof: readonly string[] };
type GoLog = {
  readonly roots: Readonly<Record<string, string>>;
  readonly tiles: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly inclusion: readonly (Proof & { readonly index: number; readonly size: number })[];
  readonly consistency: readonly (Proof & { readonly older: number; readonly newer: number })[];
};

describe('the log that the Go checksum database code makes of the same entries', () => {
  const folder = new URL('../../../../../fixtures/vectors/tiles/', import.meta.url);
  const go: GoLog = JSON.parse(readFileSync(new URL('go-tlog.json', folder), 'utf8'));
  const sizes = Object.keys(go.roots).map(Number);
  const { files, log } = grow([...sizes, 513].sort((one, other) => one - other));

  it.each(Object.entries(go.tiles))('has the same tiles at size %s', (size, tiles) => {
    expect([...tilesOf(Number(size))].map(tilePath).sort()).toEqual(Object.keys(tiles).sort());
    for (const [path, sum] of Object.entries(tiles))
      expect(hex(sha256(files.get(path) ?? new Uint8Array()))).toBe(sum);
  });

  it.each(sizes)('had the same root at size %i, and has only grown since', async (size) => {
    const { older } = await consistencyFromTiles(log, size);
    expect(base64(older.root)).toBe(go.roots[size]);
  });

  const at = (size: number): TiledLog => ({
    ...log,
    head: { size, root: Uint8Array.from(Buffer.from(go.roots[size] ?? '', 'base64')) },
  });

  it.each(go.inclusion)('proves entry $index of $size alike', async ({ index, size, proof }) => {
    const found = await inclusionFromTiles(at(size), index);
    expect(found.proof.map(base64)).toEqual(proof);
    expect(found.leaf).toEqual(leafHash(sha256, new TextEncoder().encode(`entry ${index}`)));
  });

  it.each(
    go.consistency.filter(({ newer }) => newer in go.roots),
  )('proves that $newer grew from $older alike', async ({ older, newer, proof }) => {
    expect((await consistencyFromTiles(at(newer), older)).proof.map(base64)).toEqual(proof);
  });
});

describe('appending', () => {
  const leaves = entriesOf(1400).map((entry) => leafHash(sha256, entry));
  const nodeAt = nodesOfLeaves(sha256, leaves);
  const defined = new Map<string, string>();
  const asDefined = (tile: HashTile): string => {
    const known = defined.get(tilePath(tile)) ?? base64(tileBytes(tile, nodeAt));
    defined.set(tilePath(tile), known);
    return known;
  };

  it('in any steps writes the tiles of the format, each as the format defines it', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1400 }), { minLength: 1, maxLength: 5 }), (cuts) => {
        const files = new Map<string, string>();
        let edge = emptyEdge;
        for (const size of [...cuts].sort((one, other) => one - other)) {
          const grown = appendToEdge(sha256, edge, leaves.slice(edge.size, size));
          for (const { tile, bytes } of grown.tiles) files.set(tilePath(tile), base64(bytes));
          edge = grown.edge;
          for (const tile of tilesOf(size)) expect(files.get(tilePath(tile))).toBe(asDefined(tile));
        }
      }),
      { numRuns: 25 },
    );
  });

  it('writes no tile again that has not changed', () => {
    const { edge } = appendToEdge(sha256, emptyEdge, leaves.slice(0, 300));
    const { tiles } = appendToEdge(sha256, edge, leaves.slice(300, 302));
    expect(tiles.map(({ tile }) => tilePath(tile))).toEqual(['tile/0/001.p/46']);
    expect(appendToEdge(sha256, edge, []).tiles).toEqual([]);
  });

  it('goes on from the edge that is read back', async () => {
    const { log } = grow([100, 300]);
    const edge = await readEdge(log);
    const { tiles } = appendToEdge(sha256, edge, leaves.slice(300, 600));
    const { files } = grow([600]);
    for (const { tile, bytes } of tiles) expect(bytes).toEqual(files.get(tilePath(tile)));
    expect(await readEdge(grow([512]).log)).toMatchObject({ size: 512, levels: [[], { length: 2 }] });
    expect(await readEdge(grow([0]).log)).toEqual(emptyEdge);
  });
});

describe('proofs from tiles', () => {
  it('are those of the recursive definition', async () => {
    const { log } = grow([10, 300, 530]);
    const entries = entriesOf(530);
    for (const index of [0, 255, 256, 511, 512, 529]) {
      expect((await inclusionFromTiles(log, index)).proof).toEqual(naivePath(sha256, index, entries));
      const { older, proof } = await consistencyFromTiles(log, index + 1);
      expect(proof).toEqual(naiveProof(sha256, index + 1, entries));
      expect(older.root).toEqual(naiveRoot(sha256, entries.slice(0, index + 1)));
    }
  });

  it('of an older head use the full tile when the partial one is gone', async () => {
    const { files, log } = grow([300, 600]);
    const head = { size: 300, root: naiveRoot(sha256, entriesOf(300)) };
    for (const path of ['tile/0/001.p/44', 'tile/entries/001.p/44']) expect(files.delete(path)).toBe(true);
    expect((await inclusionFromTiles({ ...log, head }, 299)).proof).toEqual(
      naivePath(sha256, 299, entriesOf(300)),
    );
    await auditTiles({ ...log, head: { ...head, size: 600, root: log.head.root } });
  });

  it('read each tile once', async () => {
    const { log } = grow([600]);
    const read: string[] = [];
    const readTile = (path: string) => {
      read.push(path);
      return log.readTile(path);
    };
    await inclusionFromTiles({ ...log, readTile }, 3);
    expect(read.sort()).toEqual(['tile/0/000', 'tile/0/002.p/88', 'tile/1/000.p/2']);
  });
});

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'accepted',
    (error: unknown) => (error instanceof ThroughlineError ? error.code : error),
  );

describe('a log that was tampered with', () => {
  const { files, log } = grow([90, 300, 530]);
  const needed = new Set(['tile/0/000', 'tile/0/001', 'tile/0/002.p/18', 'tile/1/000.p/2']);
  const stored = [...files.keys()].filter((path) =>
    path.includes('entries') ? !path.endsWith('.p/90') && !path.endsWith('.p/44') : needed.has(path),
  );
  const withFile = (path: string, bytes: Uint8Array | undefined): TiledLog => ({
    ...log,
    readTile: async (asked) => (asked === path ? bytes : files.get(asked)),
  });

  it('is sound before', async () => {
    expect(stored).toHaveLength(7);
    await auditTiles(log);
  });

  it('shows any flipped bit, cut or missing tile in an audit', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...stored), fc.nat(), fc.nat(7), async (path, at, bit) => {
        const bytes = Uint8Array.from(files.get(path) ?? []);
        const place = at % bytes.length;
        bytes[place] = (bytes[place] ?? 0) ^ (1 << bit);
        expect(await codeOf(auditTiles(withFile(path, bytes)))).toBe('LOG_BROKEN');
        expect(await codeOf(auditTiles(withFile(path, bytes.slice(0, place))))).toBe('LOG_BROKEN');
      }),
      { numRuns: 40 },
    );
    for (const path of stored) expect(await codeOf(auditTiles(withFile(path, undefined)))).toBe('LOG_BROKEN');
  });

  it('shows anything behind the hashes or entries of a tile', async () => {
    for (const path of stored) {
      const longer = withFile(path, Uint8Array.from([...(files.get(path) ?? []), ...new Uint8Array(32)]));
      expect(await codeOf(auditTiles(longer))).toBe('LOG_BROKEN');
    }
    const longer = withFile(
      'tile/0/000',
      new Uint8Array([...(files.get('tile/0/000') ?? []), ...new Uint8Array(32)]),
    );
    expect(await codeOf(inclusionFromTiles(longer, 3))).toBe('LOG_BROKEN');
  });

  it('shows entries in another order', async () => {
    const swapped = entriesOf(530);
    const [first = new Uint8Array(), second = new Uint8Array()] = swapped;
    const [bundle] = entryTilesAfter({ size: 0, unfinished: [] }, [second, first, ...swapped.slice(2, 256)]);
    expect(await codeOf(auditTiles(withFile('tile/entries/000', bundle?.bytes)))).toBe('LOG_BROKEN');
  });

  it('proves nothing and is not appended to', async () => {
    for (const path of needed) {
      const bytes = Uint8Array.from(files.get(path) ?? []);
      bytes.fill(0);
      const broken = withFile(path, bytes);
      const index = path === 'tile/0/001' ? 300 : 20;
      expect(await codeOf(inclusionFromTiles(broken, index))).toBe('LOG_BROKEN');
    }
    const broken = withFile('tile/0/002.p/18', new Uint8Array(18 * 32));
    expect(await codeOf(readEdge(broken))).toBe('LOG_BROKEN');
    expect(await codeOf(consistencyFromTiles(broken, 400))).toBe('LOG_BROKEN');
    expect(await codeOf(inclusionFromTiles(log, 530))).toBeInstanceOf(RangeError);
  });
});
