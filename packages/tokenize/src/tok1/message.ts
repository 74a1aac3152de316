import type { TokenPart } from '@throughline/agreement';
import { lengthValue } from '@throughline/core';
import { type Identifiers, LONGEST_VALUE, MOST_SURNAMES, partOf } from './parts.js';

/** A UTF-16 unit takes at most three bytes; two values at most, and the label, each with its length. */
export const LONGEST_PART = 2 * (2 + 3 * LONGEST_VALUE) + 64;

/** The parts of one record as bytes, LV(part) and LV(value) of each of its values, written once for all rules. */
export type WrittenParts = {
  readonly read: (row: Identifiers) => void;
  /** How many alternatives a part of the record last read has, by its place; 0 where it is missing. */
  readonly alternatives: (place: number) => number;
  /** Copies an alternative of a part into a buffer. @returns the offset after it. */
  readonly copy: (which: Alternative, into: Uint8Array, at: number) => number;
  readonly erase: () => void;
};

export type Alternative = { readonly place: number; readonly alternative: number };

export function writtenParts(parts: readonly TokenPart[]): WrittenParts {
  const labels = parts.map((part) => lengthValue([part]));
  const buffer = new Uint8Array(parts.length * MOST_SURNAMES * LONGEST_PART);
  const bounds = new Uint32Array(parts.length * MOST_SURNAMES + 1);
  const counts = new Uint8Array(parts.length);
  const firsts = new Uint16Array(parts.length);
  return {
    read: (row) => {
      let [at, written] = [0, 0];
      for (let place = 0; place < parts.length; place += 1) {
        const alternatives = partOf(parts[place] ?? 'first', row);
        firsts[place] = written;
        counts[place] = alternatives.length;
        for (const values of alternatives) {
          at = writeBytes(buffer, at, labels[place] ?? NOTHING);
          for (const value of values) at = writeValue(buffer, at, value);
          written += 1;
          bounds[written] = at;
        }
      }
    },
    alternatives: (place) => counts[place] ?? 0,
    copy: ({ place, alternative }, into, at) => {
      const which = (firsts[place] ?? 0) + alternative;
      const [start, end] = [bounds[which] ?? 0, bounds[which + 1] ?? 0];
      for (let from = start; from < end; from += 1) into[at + from - start] = buffer[from] ?? 0;
      return at + end - start;
    },
    erase: () => void buffer.fill(0),
  };
}

const NOTHING = new Uint8Array();

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
