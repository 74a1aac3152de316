import { emptyRoot, type Hash, nodeHash } from './hash.js';
import { consistencyRanges, inclusionRanges, type LeafRange, perfectNodes, type TreeNode } from './ranges.js';

/** Gives the hash of a perfect subtree, from wherever the hashes are kept. */
export type NodeAt = (node: TreeNode) => Uint8Array;

/** The root of the tree of the first `size` leaves. */
export const treeRoot = (hash: Hash, size: number, nodeAt: NodeAt): Uint8Array =>
  size === 0 ? emptyRoot(hash) : rangeHash(hash, { begin: 0, end: size }, nodeAt);

/**
 * The audit path of a leaf, from the leaf upwards.
 *
 * @throws RangeError unless 0 ≤ index < size.
 */
export const proveInclusion = (
  hash: Hash,
  { index, size }: { readonly index: number; readonly size: number },
  nodeAt: NodeAt,
): Uint8Array[] => inclusionRanges(index, size).map((range) => rangeHash(hash, range, nodeAt));

/**
 * The proof that a tree of `older` leaves is a prefix of one of `newer`. Empty if they are equal.
 *
 * @throws RangeError unless 1 ≤ older ≤ newer.
 */
export const proveConsistency = (
  hash: Hash,
  { older, newer }: { readonly older: number; readonly newer: number },
  nodeAt: NodeAt,
): Uint8Array[] => consistencyRanges(older, newer).map((range) => rangeHash(hash, range, nodeAt));

const rangeHash = (hash: Hash, range: LeafRange, nodeAt: NodeAt): Uint8Array =>
  perfectNodes(range)
    .map(nodeAt)
    .reduceRight((right, left) => nodeHash(hash, left, right));

/** Every perfect subtree over a list of leaf hashes, computed when asked for. For small trees. */
export function nodesOfLeaves(hash: Hash, leaves: readonly Uint8Array[]): NodeAt {
  const nodeAt: NodeAt = ({ level, index }) => {
    if (level > 0) {
      const left = nodeAt({ level: level - 1, index: 2 * index });
      return nodeHash(hash, left, nodeAt({ level: level - 1, index: 2 * index + 1 }));
    }
    const leaf = leaves[index];
    if (leaf === undefined) throw new RangeError('nodesOfLeaves: a node within the leaves expected');
    return leaf;
  };
  return nodeAt;
}
