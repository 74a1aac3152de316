import { emptyRoot, type Hash, leafHash, nodeHash } from './hash.js';

type Entries = readonly Uint8Array[];

/** MTH, PATH and PROOF exactly as RFC 6962, section 2.1, defines them: recursive, and slow. */
export function naiveRoot(hash: Hash, entries: Entries): Uint8Array {
  const [first, second] = entries;
  if (first === undefined) return emptyRoot(hash);
  if (second === undefined) return leafHash(hash, first);
  const k = splitOf(entries);
  return nodeHash(hash, naiveRoot(hash, entries.slice(0, k)), naiveRoot(hash, entries.slice(k)));
}

export function naivePath(hash: Hash, m: number, entries: Entries): Uint8Array[] {
  if (entries.length === 1) return [];
  const k = splitOf(entries);
  return m < k
    ? [...naivePath(hash, m, entries.slice(0, k)), naiveRoot(hash, entries.slice(k))]
    : [...naivePath(hash, m - k, entries.slice(k)), naiveRoot(hash, entries.slice(0, k))];
}

export const naiveProof = (hash: Hash, m: number, entries: Entries): Uint8Array[] =>
  naiveSubproof(hash, { m, isWhole: true }, entries);

function naiveSubproof(
  hash: Hash,
  { m, isWhole }: { readonly m: number; readonly isWhole: boolean },
  entries: Entries,
): Uint8Array[] {
  if (m === entries.length) return isWhole ? [] : [naiveRoot(hash, entries)];
  const k = splitOf(entries);
  const [left, right] = [entries.slice(0, k), entries.slice(k)];
  return m <= k
    ? [...naiveSubproof(hash, { m, isWhole }, left), naiveRoot(hash, right)]
    : [...naiveSubproof(hash, { m: m - k, isWhole: false }, right), naiveRoot(hash, left)];
}

const splitOf = (entries: Entries): number => 2 ** Math.floor(Math.log2(entries.length - 1));

/** Entries that are all different. */
export const entriesOf = (count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, index) => new TextEncoder().encode(`entry ${index}`));
