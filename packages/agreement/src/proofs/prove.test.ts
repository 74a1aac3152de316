import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leafHash } from './hash.js';
import { entriesOf, naivePath, naiveProof, naiveRoot } from './naive-tree.fixture.js';
import { nodesOfLeaves, proveConsistency, proveInclusion, treeRoot } from './prove.js';
import { verifyConsistency, verifyInclusion } from './verify.js';

const sha256 = (bytes: Uint8Array) => Uint8Array.from(createHash('sha256').update(bytes).digest());
const leavesOf = (entries: readonly Uint8Array[]) => entries.map((entry) => leafHash(sha256, entry));
const headOf = (entries: readonly Uint8Array[]) => ({
  size: entries.length,
  root: naiveRoot(sha256, entries),
});

/** A size from 1 to 200 and a place within it. */
const places = fc
  .integer({ min: 1, max: 200 })
  .chain((size) => fc.record({ size: fc.constant(size), index: fc.integer({ min: 0, max: size - 1 }) }));

describe('proofs against the recursive definition', () => {
  it('every root, path and consistency proof of the small trees', () => {
    for (let size = 0; size <= 17; size += 1) {
      const entries = entriesOf(size);
      const nodeAt = nodesOfLeaves(sha256, leavesOf(entries));
      expect(treeRoot(sha256, size, nodeAt)).toEqual(naiveRoot(sha256, entries));
      for (let index = 0; index < size; index += 1) {
        expect(proveInclusion(sha256, { index, size }, nodeAt)).toEqual(naivePath(sha256, index, entries));
        expect(proveConsistency(sha256, { older: index + 1, newer: size }, nodeAt)).toEqual(
          naiveProof(sha256, index + 1, entries),
        );
      }
    }
  });

  it('larger trees at random', () => {
    fc.assert(
      fc.property(places, ({ size, index }) => {
        const entries = entriesOf(size);
        const nodeAt = nodesOfLeaves(sha256, leavesOf(entries));
        expect(proveInclusion(sha256, { index, size }, nodeAt)).toEqual(naivePath(sha256, index, entries));
        expect(proveConsistency(sha256, { older: index + 1, newer: size }, nodeAt)).toEqual(
          naiveProof(sha256, index + 1, entries),
        );
      }),
      { numRuns: 50 },
    );
  });

  it('nothing is proved outside the tree', () => {
    const nodeAt = nodesOfLeaves(sha256, leavesOf(entriesOf(4)));
    expect(() => proveInclusion(sha256, { index: 4, size: 4 }, nodeAt)).toThrow(RangeError);
    expect(() => proveInclusion(sha256, { index: -1, size: 4 }, nodeAt)).toThrow(RangeError);
    expect(() => proveConsistency(sha256, { older: 0, newer: 4 }, nodeAt)).toThrow(RangeError);
    expect(() => proveConsistency(sha256, { older: 5, newer: 4 }, nodeAt)).toThrow(RangeError);
    expect(() => nodeAt({ level: 0, index: 4 })).toThrow(RangeError);
  });
});

/** One thing done to a proof: a bit flipped, a hash dropped, repeated, or swapped with its neighbour. */
type Damage = {
  readonly how: 'flip' | 'drop' | 'repeat' | 'swap';
  readonly at: number;
  readonly bit: number;
};

const damages = fc.record({
  how: fc.constantFrom('flip', 'drop', 'repeat', 'swap'),
  at: fc.nat(10),
  bit: fc.nat(255),
});

function damaged(proof: readonly Uint8Array[], { how, at, bit }: Damage): Uint8Array[] {
  const place = at % proof.length;
  const hit = Uint8Array.from(proof[place] ?? []);
  const next = proof[(place + 1) % proof.length] ?? hit;
  const [before, after] = [proof.slice(0, place), proof.slice(place + 1)];
  if (how === 'drop') return [...before, ...after];
  if (how === 'repeat') return [...before, hit, hit, ...after];
  if (how === 'swap' && after.length > 0) return [...before, next, hit, ...after.slice(1)];
  const byte = bit >> 3;
  hit[byte] = (hit[byte] ?? 0) ^ (1 << (bit & 7));
  return [...before, hit, ...after];
}

describe('a verifier', () => {
  it('accepts what is proved, and nothing that was done to a proof, its place or its head', () => {
    fc.assert(
      fc.property(places, damages, ({ size, index }, damage) => {
        const entries = entriesOf(size);
        const head = headOf(entries);
        const nodeAt = nodesOfLeaves(sha256, leavesOf(entries));
        const leaf = nodeAt({ level: 0, index });
        const proof = proveInclusion(sha256, { index, size }, nodeAt);
        expect(verifyInclusion(sha256, { index, leaf, head }, proof)).toBe(true);
        for (const other of [index - 1, index + 1]) {
          expect(verifyInclusion(sha256, { index: other, leaf, head }, proof)).toBe(false);
        }
        expect(verifyInclusion(sha256, { index, leaf: sha256(leaf), head }, proof)).toBe(false);
        if (proof.length > 0) {
          expect(verifyInclusion(sha256, { index, leaf, head }, damaged(proof, damage))).toBe(false);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('accepts growth, and no other older or newer tree', () => {
    fc.assert(
      fc.property(places, damages, ({ size, index }, damage) => {
        const entries = entriesOf(size);
        const [older, newer] = [headOf(entries.slice(0, index + 1)), headOf(entries)];
        const nodeAt = nodesOfLeaves(sha256, leavesOf(entries));
        const proof = proveConsistency(sha256, { older: older.size, newer: size }, nodeAt);
        expect(verifyConsistency(sha256, { older, newer }, proof)).toBe(true);
        const rewritten = headOf([new TextEncoder().encode('another'), ...entries.slice(1, index + 1)]);
        expect(verifyConsistency(sha256, { older: rewritten, newer }, proof)).toBe(false);
        expect(
          verifyConsistency(
            sha256,
            { older, newer: { ...newer, root: leafHash(sha256, newer.root) } },
            proof,
          ),
        ).toBe(false);
        if (proof.length > 0) {
          expect(verifyConsistency(sha256, { older, newer }, damaged(proof, damage))).toBe(false);
        }
      }),
      { numRuns: 50 },
    );
  });
});
