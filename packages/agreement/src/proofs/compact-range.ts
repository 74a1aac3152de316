import { emptyRoot, type Hash, nodeHash } from './hash.js';

/**
 * What must be kept of a tree to append to it and to know its root: the roots of its perfect subtrees, the
 * largest first, one for each 1 in the binary form of the size.
 */
export type CompactRange = { readonly size: number; readonly roots: readonly Uint8Array[] };

export const emptyRange: CompactRange = { size: 0, roots: [] };

/** The range with one more leaf: subtrees of equal size are joined, as in a binary counter. */
export function appendLeaf(hash: Hash, { size, roots }: CompactRange, leaf: Uint8Array): CompactRange {
  const kept = roots.length - trailingOnes(size);
  const joined = roots.slice(kept).reduceRight((right, left) => nodeHash(hash, left, right), leaf);
  return { size: size + 1, roots: [...roots.slice(0, kept), joined] };
}

/** The root of the whole tree. */
export const rangeRoot = (hash: Hash, { roots }: CompactRange): Uint8Array =>
  roots.length === 0 ? emptyRoot(hash) : roots.reduceRight((right, left) => nodeHash(hash, left, right));

function trailingOnes(count: number): number {
  let ones = 0;
  for (let rest = count; rest % 2 === 1; rest = Math.floor(rest / 2)) ones += 1;
  return ones;
}
