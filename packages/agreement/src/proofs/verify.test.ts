import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { verifyConsistency, verifyInclusion } from './verify.js';

const sha256 = (bytes: Uint8Array) => Uint8Array.from(createHash('sha256').update(bytes).digest());
const bytes = (base64: string | null) => Uint8Array.from(Buffer.from(base64 ?? '', 'base64'));

type Vector = { readonly file: string; readonly wantErr: boolean; readonly proof: readonly string[] | null };
type Inclusion = Vector & {
  kind: 'inclusion';
  leafIdx: number;
  treeSize: number;
  root: string;
  leafHash: string;
};
type Consistency = Vector & {
  kind: 'consistency';
  size1: number;
  size2: number;
  root1: string;
  root2: string;
};

const folder = new URL('../../../../fixtures/vectors/merkle/', import.meta.url);
const vectors: readonly (Inclusion | Consistency)[] = readFileSync(
  new URL('rfc6962-vectors.jsonl', folder),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));

function isAccepted(vector: Inclusion | Consistency): boolean {
  const proof = (vector.proof ?? []).map(bytes);
  if (vector.kind === 'inclusion') {
    const head = { size: vector.treeSize, root: bytes(vector.root) };
    return verifyInclusion(sha256, { index: vector.leafIdx, leaf: bytes(vector.leafHash), head }, proof);
  }
  const older = { size: vector.size1, root: bytes(vector.root1) };
  const newer = { size: vector.size2, root: bytes(vector.root2) };
  return verifyConsistency(sha256, { older, newer }, proof);
}

describe('the vectors of transparency-dev/merkle', () => {
  it('are all there', () => {
    expect(vectors).toHaveLength(196);
    expect(vectors.filter(({ wantErr }) => !wantErr)).toHaveLength(12);
  });

  it.each(vectors)('$file', (vector) => {
    expect(isAccepted(vector)).toBe(!vector.wantErr);
  });
});

describe('heads and hashes of the wrong form', () => {
  const leaf = new Uint8Array(32);
  const head = { size: 1, root: leaf };

  it('are refused before anything is hashed', () => {
    expect(verifyInclusion(sha256, { index: 0, leaf, head }, [])).toBe(true);
    expect(verifyInclusion(sha256, { index: -1, leaf, head }, [])).toBe(false);
    expect(verifyInclusion(sha256, { index: 0.5, leaf, head }, [])).toBe(false);
    expect(verifyInclusion(sha256, { index: Number.NaN, leaf, head }, [])).toBe(false);
    expect(verifyInclusion(sha256, { index: 0, leaf, head: { size: 2 ** 60, root: leaf } }, [])).toBe(false);
    const short = new Uint8Array(31);
    expect(verifyInclusion(sha256, { index: 0, leaf: short, head: { size: 1, root: short } }, [])).toBe(
      false,
    );
  });

  it('have no consistency when there is nothing to be consistent with', () => {
    const empty = { size: 0, root: sha256(new Uint8Array()) };
    expect(verifyConsistency(sha256, { older: head, newer: head }, [])).toBe(true);
    expect(verifyConsistency(sha256, { older: empty, newer: head }, [])).toBe(false);
    expect(verifyConsistency(sha256, { older: empty, newer: empty }, [])).toBe(false);
  });

  it('are told apart near 2^49, where a logarithm would round', () => {
    const older = { size: 2 ** 49 + 1, root: leaf };
    const newer = { size: 2 ** 50, root: leaf };
    const proof = Array.from({ length: 51 }, () => leaf);
    expect(verifyConsistency(sha256, { older, newer }, proof)).toBe(false);
  });
});

describe('a proof with more hashes than the size has levels', () => {
  const [left, right] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
  const joined = sha256(Uint8Array.from([0x01, ...left, ...right]));

  it('is refused, though the hashes lead to the root stated', () => {
    const lying = { size: 1, root: joined };
    expect(verifyInclusion(sha256, { index: 0, leaf: right, head: { size: 2, root: joined } }, [left])).toBe(
      false,
    );
    expect(verifyInclusion(sha256, { index: 1, leaf: right, head: { size: 2, root: joined } }, [left])).toBe(
      true,
    );
    expect(verifyInclusion(sha256, { index: 0, leaf: right, head: lying }, [left])).toBe(false);
  });

  it('shows no growth either', () => {
    const node = (...parts: Uint8Array[]) =>
      sha256(Uint8Array.from([0x01, ...parts.flatMap((part) => [...part])]));
    const [ab, c, d, more] = [joined, left, right, new Uint8Array(32).fill(3)];
    const older = { size: 3, root: node(ab, c) };
    const newer = { size: 4, root: node(ab, node(c, d)) };
    expect(verifyConsistency(sha256, { older, newer }, [c, d, ab])).toBe(true);
    const lying = {
      older: { size: 3, root: node(more, older.root) },
      newer: { size: 4, root: node(more, newer.root) },
    };
    expect(verifyConsistency(sha256, lying, [c, d, ab, more])).toBe(false);
  });
});
