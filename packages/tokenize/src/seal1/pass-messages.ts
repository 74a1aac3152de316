import type { ExactPart } from '@throughline/agreement';
import { LONGEST_PART, partsRoom, type Room, writtenParts } from '../tok1/message.js';
import type { Identifiers } from '../tok1/parts.js';

/** What passes are made of, for the record last read: each part is written once, however many passes use it. */
export type PassMessages = {
  readonly read: (row: Identifiers) => void;
  /** Whether the record has every part of a pass. */
  readonly whole: (pass: number) => boolean;
  /** Writes LV(part) LV(value) of each part of a pass, one after the other. @returns the offset after them. */
  readonly write: (pass: number, at: number) => number;
  /** Where the first part of a pass that the record has begins, and where it ends. */
  readonly start: (pass: number) => number;
  readonly end: (pass: number) => number;
};

type Pass = { readonly parts: readonly ExactPart[] };

const partsOf = (passes: readonly Pass[]): ExactPart[] => [...new Set(passes.flatMap(({ parts }) => parts))];

/** The most bytes that the parts of all passes take. */
export const passesRoom = (passes: readonly Pass[]): number => partsRoom(partsOf(passes));

/** The most bytes that the parts of a pass take. */
export const longestPass = (passes: readonly Pass[]): number =>
  Math.max(0, ...passes.map(({ parts }) => parts.length)) * LONGEST_PART;

/** @param room has `passesRoom` bytes; messages are written into the same memory. */
export function passMessages(passes: readonly Pass[], room: Room): PassMessages {
  const parts = partsOf(passes);
  const written = writtenParts(parts, room);
  const places = passes.map((pass) => pass.parts.map((part) => parts.indexOf(part)));
  const { bytes } = room;
  return {
    read: written.read,
    whole: (pass) => {
      for (const place of places[pass] ?? []) if (written.alternatives(place) === 0) return false;
      return true;
    },
    write: (pass, at) => {
      let end = at;
      for (const place of places[pass] ?? []) {
        const until = written.end(place, 0);
        for (let from = written.start(place, 0); from < until; from += 1) {
          bytes[end] = bytes[from] ?? 0;
          end += 1;
        }
      }
      return end;
    },
    start: (pass) => written.start(places[pass]?.[0] ?? 0, 0),
    end: (pass) => written.end(places[pass]?.[0] ?? 0, 0),
  };
}
