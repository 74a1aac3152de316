import type { SlotPart } from '@throughline/agreement';
import { lengthValue } from '@throughline/core';
import { LONGEST_PART, writeBytes, writeValue } from '../tok1/message.js';
import { type Identifiers, partOf } from '../tok1/parts.js';

/** The parts of one record as bytes, each written once, however many passes and codes use it. */
export type PartBytes = {
  readonly read: (row: Identifiers) => void;
  /** LV(part) LV(value) LV(value) of a part of the record last read, by its place; empty where it is missing. */
  readonly bytes: (place: number) => Uint8Array;
  /** Those of several parts, one after the other; undefined where one is missing. Valid until the next call. */
  readonly message: (places: readonly number[]) => Uint8Array | undefined;
};

export function partBytes(parts: readonly SlotPart[]): PartBytes {
  const labels = parts.map((part) => lengthValue([part]));
  const buffer = new Uint8Array(parts.length * LONGEST_PART);
  const joined = new Uint8Array(parts.length * LONGEST_PART);
  const starts = new Uint32Array(parts.length);
  const ends = new Uint32Array(parts.length);
  return {
    read: (row) => {
      let at = 0;
      for (const [place, part] of parts.entries()) {
        starts[place] = at;
        const values = partOf(part, row)[0];
        if (values !== undefined) {
          at = writeBytes(buffer, at, labels[place] ?? new Uint8Array());
          for (const value of values) at = writeValue(buffer, at, value);
        }
        ends[place] = at;
      }
    },
    bytes: (place) => buffer.subarray(starts[place], ends[place]),
    message: (places) => {
      let length = 0;
      for (const place of places) {
        const [start = 0, end = 0] = [starts[place], ends[place]];
        if (start === end) return undefined;
        for (let at = start; at < end; at += 1) joined[length + at - start] = buffer[at] ?? 0;
        length += end - start;
      }
      return joined.subarray(0, length);
    },
  };
}

/** Every part that some pass is made of, once, and where those of each pass are among them. */
export function placesOf(passes: readonly { readonly parts: readonly SlotPart[] }[]): {
  readonly parts: readonly SlotPart[];
  readonly places: readonly (readonly number[])[];
} {
  const parts = [...new Set(passes.flatMap((pass) => pass.parts))];
  return { parts, places: passes.map((pass) => pass.parts.map((part) => parts.indexOf(part))) };
}
