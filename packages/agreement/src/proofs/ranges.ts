import { isCount } from './hash.js';

/** The leaves from `begin` up to, but not including, `end`. */
export type LeafRange = { readonly begin: number; readonly end: number };

/** The `index`-th perfect subtree of 2^`level` leaves, from the left. Level 0 is a leaf. */
export type TreeNode = { readonly level: number; readonly index: number };

/**
 * The ranges whose hashes prove that a leaf is in a tree, from the leaf upwards: PATH(m, D[n]) of RFC 6962,
 * section 2.1.1.
 *
 * @throws RangeError unless 0 ≤ index < size.
 */
export function inclusionRanges(index: number, size: number): LeafRange[] {
  if (!isCount(index) || !isCount(size) || index >= size) {
    throw new RangeError('inclusionRanges: an index below the size expected');
  }
  return pathTo(
    { begin: 0, end: size },
    {
      ends: ({ begin, end }) => end - begin === 1,
      isLeft: (middle) => index < middle,
    },
  ).aside;
}

/**
 * The ranges whose hashes prove that a tree of `older` leaves is a prefix of one of `newer`: SUBPROOF(m, D[n],
 * b) of RFC 6962, section 2.1.2.
 *
 * @throws RangeError unless 1 ≤ older ≤ newer: nothing can be proved about a tree without leaves.
 */
export function consistencyRanges(older: number, newer: number): LeafRange[] {
  if (!isCount(older) || !isCount(newer) || older < 1 || older > newer) {
    throw new RangeError('consistencyRanges: an older size from 1 to the newer size expected');
  }
  const { reached, aside } = pathTo(
    { begin: 0, end: newer },
    {
      ends: ({ end }) => end === older,
      isLeft: (middle) => older <= middle,
    },
  );
  // A whole older tree is known to the verifier; only a part of it has to be sent.
  return reached.begin === 0 ? aside : [reached, ...aside];
}

type Descent = {
  readonly ends: (range: LeafRange) => boolean;
  readonly isLeft: (middle: number) => boolean;
};

/** Walks down from the root; `aside` holds the halves not taken, the last one first. */
function pathTo(root: LeafRange, { ends, isLeft }: Descent): { reached: LeafRange; aside: LeafRange[] } {
  const aside: LeafRange[] = [];
  let reached = root;
  while (!ends(reached)) {
    const middle = reached.begin + largestPowerBelow(reached.end - reached.begin);
    const left = { begin: reached.begin, end: middle };
    const right = { begin: middle, end: reached.end };
    aside.unshift(isLeft(middle) ? right : left);
    reached = isLeft(middle) ? left : right;
  }
  return { reached, aside };
}

/** The largest power of two smaller than `count`: where a tree of so many leaves is split in two. */
function largestPowerBelow(count: number): number {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}

/**
 * The perfect subtrees that a range consists of, the largest first. The range must begin at a multiple of the
 * smallest power of two that is no less than its length, as every range of a proof does.
 */
export function perfectNodes({ begin, end }: LeafRange): TreeNode[] {
  const nodes: TreeNode[] = [];
  for (let next = begin; next < end; ) {
    const { level, leaves } = largestPerfect(end - next);
    nodes.push({ level, index: next / leaves });
    next += leaves;
  }
  return nodes;
}

/** The largest perfect tree that fits into `count` leaves. */
function largestPerfect(count: number): { level: number; leaves: number } {
  let level = 0;
  let leaves = 1;
  while (leaves * 2 <= count) {
    level += 1;
    leaves *= 2;
  }
  return { level, leaves };
}
