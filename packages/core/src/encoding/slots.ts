import { bitsSet } from './bits.js';

/** Sealed slots `seal1`: where things are in one, and how two are compared. See docs/reference/encoding.md. */

export const SLOT_TOKEN_BYTES = 16;
/** A field compared by likeness: 256 bits. */
export const SLOT_VECTOR_BYTES = 32;
/** A field compared for equality. */
export const SLOT_CODE_BYTES = 4;

/** A slot: its token, then a vector for each similar field, then a code for each exact one. */
export type SlotLayout = {
  readonly similar: readonly string[];
  readonly exact: readonly string[];
  /** In bytes. */
  readonly width: number;
};

export function slotLayout({ similar, exact }: Pick<SlotLayout, 'similar' | 'exact'>): SlotLayout {
  const width = SLOT_TOKEN_BYTES + similar.length * SLOT_VECTOR_BYTES + exact.length * SLOT_CODE_BYTES;
  return { similar, exact, width };
}

/**
 * How much alike one field of two records is. `one_edit` and `two_edits` are what a Hamming distance of up to 58
 * and 82 bits of 256 stands for.
 */
export const slotLevels = ['equal', 'one_edit', 'two_edits', 'differs'] as const;
const EQUAL = 0;
const DIFFERS = 3;
const ONE_EDIT_BITS = 58;
const TWO_EDITS_BITS = 82;

/** Rows of slots, one after the other. */
export type SlotAt = { readonly bytes: Uint8Array; readonly at: number };

/** Whether two slots hold one pass value, so that they can be compared. */
export function slotsMeet(a: SlotAt, b: SlotAt): boolean {
  return equalBytes(a, b, { from: 0, length: SLOT_TOKEN_BYTES });
}

/**
 * The levels of two slots that meet, the similar fields first, as places in `slotLevels`; an exact field is equal
 * or differs. A field that one of the records lacks differs. Of slots that do not meet it says nothing.
 */
export function slotLevelsOf(layout: SlotLayout, a: SlotAt, b: SlotAt): Uint8Array {
  const { similar, exact } = layout;
  const levels = new Uint8Array(similar.length + exact.length);
  let from = SLOT_TOKEN_BYTES;
  for (let field = 0; field < similar.length; field += 1) {
    levels[field] = levelOf(slotDistance(a, b, from));
    from += SLOT_VECTOR_BYTES;
  }
  for (let field = similar.length; field < levels.length; field += 1) {
    levels[field] = equalBytes(a, b, { from, length: SLOT_CODE_BYTES }) ? EQUAL : DIFFERS;
    from += SLOT_CODE_BYTES;
  }
  return levels;
}

/** The level of a Hamming distance in bits. */
export function levelOf(distance: number): number {
  if (distance === 0) return EQUAL;
  if (distance <= ONE_EDIT_BITS) return 1;
  return distance <= TWO_EDITS_BITS ? 2 : DIFFERS;
}

/** The Hamming distance, in bits, of the vectors that begin at an offset of two slots. */
export function slotDistance(a: SlotAt, b: SlotAt, from: number): number {
  let distance = 0;
  for (let index = from; index < from + SLOT_VECTOR_BYTES; index += 1) {
    distance += bitsSet((a.bytes[a.at + index] ?? 0) ^ (b.bytes[b.at + index] ?? 0));
  }
  return distance;
}

type Span = { readonly from: number; readonly length: number };

function equalBytes(a: SlotAt, b: SlotAt, { from, length }: Span): boolean {
  for (let index = from; index < from + length; index += 1) {
    if (a.bytes[a.at + index] !== b.bytes[b.at + index]) return false;
  }
  return true;
}
