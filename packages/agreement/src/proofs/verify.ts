import { sameBytes } from './bytes.js';
import { HASH_BYTES, type Hash, isCount, nodeHash, type TreeHead } from './hash.js';

/** A leaf hash that is said to be at `index` of a tree. */
export type InclusionClaim = { readonly index: number; readonly leaf: Uint8Array; readonly head: TreeHead };

/** A tree that is said to have grown into another by nothing but appending. */
export type ConsistencyClaim = { readonly older: TreeHead; readonly newer: TreeHead };

/** Whether a proof shows that the leaf is in the tree (RFC 9162, section 2.1.3.2). */
export function verifyInclusion(
  hash: Hash,
  { index, leaf, head }: InclusionClaim,
  proof: readonly Uint8Array[],
): boolean {
  if (!isCount(index) || !isCount(head.size) || index >= head.size) return false;
  if (![leaf, ...proof].every(isHash)) return false;
  let position = { index, last: head.size - 1 };
  let root = leaf;
  for (const sibling of proof) {
    if (position.last === 0) return false;
    const isLeft = siblingIsLeft(position);
    root = isLeft ? nodeHash(hash, sibling, root) : nodeHash(hash, root, sibling);
    position = parentOf(position, isLeft);
  }
  return position.last === 0 && sameBytes(root, head.root);
}

/**
 * Whether a proof shows that the older tree is a prefix of the newer one (RFC 9162, section 2.1.4.2). An older
 * tree without leaves is refused: everything is consistent with it, so that a proof would prove nothing.
 */
export function verifyConsistency(
  hash: Hash,
  { older, newer }: ConsistencyClaim,
  proof: readonly Uint8Array[],
): boolean {
  if (!isCount(older.size) || !isCount(newer.size) || older.size < 1 || older.size > newer.size) return false;
  if (older.size === newer.size) return proof.length === 0 && sameBytes(older.root, newer.root);
  if (proof.length === 0 || ![older.root, ...proof].every(isHash)) return false;
  const [start, ...path] = isPowerOfTwo(older.size) ? [older.root, ...proof] : proof;
  return start !== undefined && growsInto(hash, { older, newer }, { start, path });
}

type Growth = { readonly start: Uint8Array; readonly path: readonly Uint8Array[] };

/** Computes both roots from the same hashes and compares them. */
function growsInto(hash: Hash, { older, newer }: ConsistencyClaim, { start, path }: Growth): boolean {
  let position: Position = { index: older.size - 1, last: newer.size - 1 };
  while (position.index % 2 === 1) position = halved(position);
  let oldRoot = start;
  let newRoot = start;
  for (const sibling of path) {
    if (position.last === 0) return false;
    const isLeft = siblingIsLeft(position);
    if (isLeft) oldRoot = nodeHash(hash, sibling, oldRoot);
    newRoot = isLeft ? nodeHash(hash, sibling, newRoot) : nodeHash(hash, newRoot, sibling);
    position = parentOf(position, isLeft);
  }
  return position.last === 0 && sameBytes(oldRoot, older.root) && sameBytes(newRoot, newer.root);
}

/** A node of a level and the last node of that level: fn and sn of RFC 9162. */
type Position = { readonly index: number; readonly last: number };

const siblingIsLeft = ({ index, last }: Position): boolean => index % 2 === 1 || index === last;

const halved = ({ index, last }: Position): Position => ({
  index: Math.floor(index / 2),
  last: Math.floor(last / 2),
});

/** A last node without a right sibling rises to the level on which it is a right child. */
function parentOf(position: Position, siblingWasLeft: boolean): Position {
  let child = position;
  if (siblingWasLeft) while (child.index % 2 === 0 && child.index !== 0) child = halved(child);
  return halved(child);
}

const isHash = (bytes: Uint8Array): boolean => bytes.length === HASH_BYTES;

// Not by Math.log2, which rounds 2^49 + 1 to a power of two.
function isPowerOfTwo(count: number): boolean {
  let odd = count;
  while (odd % 2 === 0) odd /= 2;
  return odd === 1;
}
