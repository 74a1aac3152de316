import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { clean } from '@noble/hashes/utils.js';
import type { Sealing, SimilarPart, SlotPart } from '@throughline/agreement';
import { lengthValue } from '@throughline/core';
import type { DerivedKeys } from '../keys/derive.js';
import { type Identifiers, partOf } from '../tok1/parts.js';
import { BITS_A_BIGRAM, type BigramTable, distinctPositions, type Positions } from './bigrams.js';
import { partBytes, placesOf } from './part-bytes.js';
import { packSip, type SipWords, sipHalves } from './siphash.js';

/** One record, made ready for its slots: each part is written once, however many passes and codes use it. */
export type SealRecord = {
  /** Takes the next record in place of the last one. */
  readonly read: (recordId: string, row: Identifiers) => void;
  /** LV(part) LV(value) of each of the parts of a pass; undefined where one is missing. Valid until the next call. */
  readonly message: (pass: number) => Uint8Array | undefined;
  readonly vector: (similar: number) => Positions;
  /** The messages of the exact fields, packed: field i is `words[ends[i - 1] .. ends[i])`. */
  readonly codes: () => { readonly words: SipWords; readonly ends: readonly number[] };
  /** LV(record id). */
  readonly name: () => Uint8Array;
};

export type RecordKeys = { readonly own: DerivedKeys; readonly bigrams: BigramTable };

/** Of a missing name, in the place of a name of six letters. */
const MISSING_BIGRAMS = 7;
const PRIVATE_BYTES = 16;

export function sealRecord({ passes, similar, exact }: Sealing, { own, bigrams }: RecordKeys): SealRecord {
  const { parts, places } = placesOf([...passes, ...exact.map((part) => ({ parts: [part] }))]);
  const written = partBytes(parts);
  const exactPlaces = places.slice(passes.length).flat();
  const missing = privateValues(own);
  let name: Uint8Array = new Uint8Array();
  let vectors: readonly Positions[] = [];
  let packed: { words: SipWords; ends: readonly number[] } = { words: new Int32Array(), ends: [] };
  return {
    read: (recordId, row) => {
      name = lengthValue([recordId]);
      written.read(row);
      vectors = similar.map((field) => {
        const value = partOf(field, row)[0]?.[0];
        return value === undefined ? missing.vector(field, name) : bigrams.positions(value);
      });
      packed = packAll(
        exactPlaces.map((place, index) => {
          const bytes = written.bytes(place);
          return bytes.length > 0 ? bytes : missing.message(exact[index] ?? 'sex', name);
        }),
      );
    },
    message: (pass) => written.message(places[pass] ?? []),
    vector: (index) => vectors[index] ?? new Uint8Array(),
    codes: () => packed,
    name: () => name,
  };
}

function packAll(messages: readonly Uint8Array[]): { words: SipWords; ends: readonly number[] } {
  const ends: number[] = [];
  for (const { length } of messages) ends.push((ends.at(-1) ?? 0) + sipHalves(length));
  const words = new Int32Array(ends.at(-1) ?? 0);
  for (const [index, message] of messages.entries()) packSip(message, words, ends[index - 1] ?? 0);
  return { words, ends };
}

/**
 * What stands for a missing value: one that nobody else has, so that it agrees with nothing and looks like any
 * other. Made under the owner's key, it is the same every night.
 */
function privateValues(own: DerivedKeys) {
  const codeOf = (part: SlotPart | SimilarPart, message: Uint8Array): Uint8Array => {
    const key = own.key('seal1-missing', part);
    const code = hmac(sha256, key, message);
    clean(key);
    return code;
  };
  return {
    message: (part: SlotPart, name: Uint8Array): Uint8Array => {
      const label = lengthValue([part]);
      const message = new Uint8Array(label.length + 2 + PRIVATE_BYTES);
      message.set(label);
      message[label.length + 1] = PRIVATE_BYTES;
      message.set(codeOf(part, name).subarray(0, PRIVATE_BYTES), label.length + 2);
      return message;
    },
    vector: (field: SimilarPart, name: Uint8Array): Positions =>
      distinctPositions(
        Array.from({ length: MISSING_BIGRAMS }, (_, index) =>
          codeOf(field, Uint8Array.of(...name, index)).subarray(0, BITS_A_BIGRAM),
        ),
      ),
  };
}
