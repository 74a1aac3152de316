import type { TokenPart } from '@throughline/agreement';
import { lengthValue } from '@throughline/core';
import { type Alternatives, LONGEST_VALUE } from './parts.js';

/** A UTF-16 unit takes at most three bytes; two values at most, and the label, each with its length. */
export const LONGEST_PART = 2 * (2 + 3 * LONGEST_VALUE) + 64;

/** Calls `use` with each message in turn. A message is valid during the call only. */
export type WriteMessages = (filled: readonly Alternatives[], use: (message: Uint8Array) => void) => void;

/**
 * Writes the messages of a rule: LV(part) and LV(value) of each of its values, part after part, once for every
 * choice of alternatives. All are written into one buffer.
 */
export function writeMessages(parts: readonly TokenPart[]): WriteMessages {
  const labels = parts.map((part) => lengthValue([part]));
  const buffer = new Uint8Array(parts.length * LONGEST_PART);
  const write = (filled: readonly Alternatives[], use: (message: Uint8Array) => void, from: From): void => {
    const { part, at } = from;
    const label = labels[part];
    if (label === undefined) {
      use(buffer.subarray(0, at));
      return;
    }
    const labelled = writeBytes(buffer, at, label);
    for (const values of filled[part] ?? []) {
      let end = labelled;
      for (const value of values) end = writeValue(buffer, end, value);
      write(filled, use, { part: part + 1, at: end });
    }
  };
  return (filled, use) => write(filled, use, { part: 0, at: 0 });
}

type From = { readonly part: number; readonly at: number };

/** Byte by byte: for a label of some ten bytes `set` takes longer. */
export function writeBytes(buffer: Uint8Array, at: number, bytes: Uint8Array): number {
  for (let index = 0; index < bytes.length; index += 1) buffer[at + index] = bytes[index] ?? 0;
  return at + bytes.length;
}

/**
 * LV(value). Normal form is nearly always ASCII, which is written here: a call of the encoder costs more than the
 * hash.
 *
 * @returns the offset after it.
 */
export function writeValue(buffer: Uint8Array, at: number, value: string): number {
  const start = at + 2;
  let length = value.length;
  for (let index = 0; index < value.length; index += 1) {
    const unit = value.charCodeAt(index);
    if (unit > 0x7f) {
      length = new TextEncoder().encodeInto(value, buffer.subarray(start)).written;
      break;
    }
    buffer[start + index] = unit;
  }
  buffer[at] = length >> 8;
  buffer[at + 1] = length & 0xff;
  return start + length;
}
