import { joinBytes } from './bytes.js';

/** A cryptographic hash of bytes. Trees, tiles and notes use SHA-256 throughout. */
export type Hash = (bytes: Uint8Array) => Uint8Array;

/** Length of a tree's hashes in bytes. */
export const HASH_BYTES = 32;

// Leaves and nodes are hashed with different first bytes, so that no node can be passed off as an entry
// (RFC 6962, section 2.1).
const LEAF = Uint8Array.of(0x00);
const NODE = Uint8Array.of(0x01);

/** The hash of a log entry. */
export const leafHash = (hash: Hash, entry: Uint8Array): Uint8Array => hash(joinBytes([LEAF, entry]));

/** The hash over two subtrees. */
export const nodeHash = (hash: Hash, left: Uint8Array, right: Uint8Array): Uint8Array =>
  hash(joinBytes([NODE, left, right]));

/** The root of a tree without entries. */
export const emptyRoot = (hash: Hash): Uint8Array => hash(new Uint8Array());

/** A tree's size in entries and its root: what a checkpoint states and every proof is checked against. */
export type TreeHead = { readonly size: number; readonly root: Uint8Array };

/** Whether a number can be a size or an index: an integer that double precision holds exactly. */
export const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
