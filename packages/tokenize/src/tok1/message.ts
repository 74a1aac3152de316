import type { RecordPart } from '@throughline/agreement';
import { lengthValue } from '@throughline/core';
import { type Identifiers, LONGEST_VALUE, MOST_SURNAMES, partOf } from './parts.js';

/** A UTF-16 unit takes at most three bytes; two values at most, and the label, each with its length. */
export const LONGEST_PART = 2 * (2 + 3 * LONGEST_VALUE) + 64;

/** Bytes that the parts of a record take at most. */
export const partsRoom = (parts: readonly RecordPart[]): number =>
  parts.reduce((sum, part) => sum + (part === 'last_part' ? MOST_SURNAMES : 1) * LONGEST_PART, 0);

/** The parts of one record as bytes, LV(part) and LV(value) of each of its values, written once for all messages. */
export type WrittenParts = {
  readonly read: (row: Identifiers) => void;
  /** How many alternatives a part of the record last read has, by its place; 0 where it is missing. */
  readonly alternatives: (place: number) => number;
  /** Where an alternative of a part begins, and where it ends. */
  readonly start: (place: number, alternative: number) => number;
  readonly end: (place: number, alternative: number) => number;
};

/** Where bytes are written: from an offset on. */
export type Room = { readonly bytes: Uint8Array; readonly at: number };

/** @param room has `partsRoom` bytes. */
export function writtenParts(parts: readonly RecordPart[], room: Room): WrittenParts {
  const labels = parts.map((part) => lengthValue([part]));
  const { bytes } = room;
  const bounds = new Uint32Array(parts.length * MOST_SURNAMES + 1);
  const counts = new Uint8Array(parts.length);
  const firsts = new Uint16Array(parts.length);
  bounds[0] = room.at;
  return {
    read: (row) => {
      let [at, written] = [room.at, 0];
      for (let place = 0; place < parts.length; place += 1) {
        const alternatives = partOf(parts[place] ?? 'first', row);
        firsts[place] = written;
        counts[place] = alternatives.length;
        for (const values of alternatives) {
          at = writeBytes(bytes, at, labels[place] ?? NOTHING);
          for (const value of values) at = writeValue(bytes, at, value);
          written += 1;
          bounds[written] = at;
        }
      }
    },
    alternatives: (place) => counts[place] ?? 0,
    start: (place, alternative) => bounds[(firsts[place] ?? 0) + alternative] ?? 0,
    end: (place, alternative) => bounds[(firsts[place] ?? 0) + alternative + 1] ?? 0,
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
