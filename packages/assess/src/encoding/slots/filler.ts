import { bitsSet, SLOT_CODE_BYTES, SLOT_TOKEN_BYTES, SLOT_VECTOR_BYTES } from '@throughline/core';
import type { SealedFile } from '@throughline/tokenize';

/**
 * How well one property of a slot tells real ones from filler, however an attacker uses it: the area under the
 * receiver's curve. A half is chance; `deviations` says how many standard errors it lies off.
 */
export type Telling = { readonly property: string; readonly area: number; readonly deviations: number };

type Property = { readonly name: string; readonly of: (slot: Uint8Array, before: Uint8Array) => number };

/** What might differ in a slot, and between a slot and the one before it in its record. */
const properties = (similar: number): readonly Property[] => {
  const vectorAt = (field: number) => SLOT_TOKEN_BYTES + field * SLOT_VECTOR_BYTES;
  const vector = (slot: Uint8Array, field: number) => slot.subarray(vectorAt(field), vectorAt(field + 1));
  const codesAt = vectorAt(similar);
  return [
    { name: 'token bits', of: (slot) => ones(slot.subarray(0, SLOT_TOKEN_BYTES)) },
    { name: 'first token byte', of: (slot) => slot[0] ?? 0 },
    { name: 'vector bits', of: (slot) => ones(vector(slot, 0)) },
    { name: 'last vector bits', of: (slot) => ones(vector(slot, similar - 1)) },
    { name: 'vectors apart', of: (slot) => apart(vector(slot, 0), vector(slot, similar - 1)) },
    { name: 'code bits', of: (slot) => ones(slot.subarray(codesAt)) },
    { name: 'codes apart', of: (slot) => codesApart(slot, codesAt) },
    { name: 'bytes repeated', of: (slot) => slot.length - new Set(slot).size },
    { name: 'slot and the one before', of: apart },
    {
      name: 'vector and the one before',
      of: (slot, before) => apart(vector(slot, 0), vector(before, 0)),
    },
  ];
};

const ones = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => sum + bitsSet(byte), 0);
const apart = (one: Uint8Array, other: Uint8Array): number =>
  one.reduce((sum, byte, at) => sum + bitsSet(byte ^ (other[at] ?? 0)), 0);

const codesApart = (slot: Uint8Array, from: number): number =>
  apart(
    slot.subarray(from, from + SLOT_CODE_BYTES),
    slot.subarray(from + SLOT_CODE_BYTES, from + 2 * SLOT_CODE_BYTES),
  );

/** Judges every property by the truth, which an attacker does not have. */
export function tellingProperties({
  layout,
  slots,
  real,
}: Pick<SealedFile, 'layout' | 'slots' | 'real'>): Telling[] {
  const slotAt = (slot: number) => slots.subarray(slot * layout.width, (slot + 1) * layout.width);
  return properties(layout.similar.length).map(({ name, of }) => {
    const measured = Array.from(real, (isReal, slot) => ({
      isReal: isReal === 1,
      value: of(slotAt(slot), slotAt(slot === 0 ? real.length - 1 : slot - 1)),
    }));
    return { property: name, ...areaOf(measured) };
  });
}

type Measured = { readonly isReal: boolean; readonly value: number };

/** Mann and Whitney's statistic, with ties in the middle. */
function areaOf(measured: readonly Measured[]): { area: number; deviations: number } {
  const sorted = [...measured].sort((one, other) => one.value - other.value);
  let [ranks, at, ties] = [0, 0, 0];
  while (at < sorted.length) {
    let end = at;
    while (end < sorted.length && sorted[end]?.value === sorted[at]?.value) end += 1;
    const middle = (at + 1 + end) / 2;
    for (let each = at; each < end; each += 1) if (sorted[each]?.isReal) ranks += middle;
    ties += (end - at) ** 3 - (end - at);
    at = end;
  }
  const all = sorted.length;
  const reals = sorted.filter(({ isReal }) => isReal).length;
  const fillers = all - reals;
  if (reals === 0 || fillers === 0) return { area: 0.5, deviations: 0 };
  const area = (ranks - (reals * (reals + 1)) / 2) / (reals * fillers);
  const variance = (all + 1 - ties / (all * (all - 1))) / (12 * reals * fillers);
  return { area, deviations: variance <= 0 ? 0 : (area - 0.5) / Math.sqrt(variance) };
}
