import { clean } from '@noble/hashes/utils.js';
import type { ExactPart, SimilarPart } from '@throughline/agreement';
import { lengthValue } from '@throughline/core';
import { hmacLanes } from '../kernel/hmac-lanes.js';
import type { DerivedKeys } from '../keys/derive.js';
import { BITS_A_BIGRAM, distinctPositions, type Positions } from './bigrams.js';

/**
 * What stands for a missing value: one that nobody else has, so that it agrees with nothing and looks like any
 * other. Made under the owner's key, it is the same every night.
 */
export type MissingValues = {
  /** Stands for a part in the code of an exact field: LV(part) and LV of 16 bytes. */
  readonly message: (field: ExactPart, name: Uint8Array) => Uint8Array;
  /** Stands for a name. */
  readonly vector: (field: SimilarPart, name: Uint8Array) => Positions;
  readonly erase: () => void;
};

/** LV of a record id; a UUID takes 38 bytes. */
export const LONGEST_NAME = 64;
/** LV of the longest part, and LV of 16 bytes. */
export const LONGEST_MISSING = 64;
/** Of a missing name, in the place of a name of six letters. */
const MISSING_BIGRAMS = 7;
const PRIVATE_BYTES = 16;

export function missingValues(
  { similar, exact }: { readonly similar: readonly SimilarPart[]; readonly exact: readonly ExactPart[] },
  own: DerivedKeys,
): MissingValues {
  const fields: readonly (ExactPart | SimilarPart)[] = [...new Set([...similar, ...exact])];
  const keys = fields.map((field) => own.key('seal1-missing', field));
  let codes: Uint8Array[] = [];
  const made = (code: Uint8Array) => void codes.push(code.slice());
  const sizes = { room: LONGEST_NAME + 1, pieces: 1, longest: LONGEST_NAME + 1, cut: BITS_A_BIGRAM };
  const lanes = hmacLanes({ keys, ...sizes, made });
  const { bytes, at } = lanes.room;
  clean(...keys);
  const take = (field: ExactPart | SimilarPart, name: Uint8Array, ...last: number[]) => {
    bytes.set(name, at);
    bytes.set(last, at + name.length);
    lanes.piece(at, at + name.length + last.length);
    lanes.take(fields.indexOf(field));
  };
  const finished = (): readonly Uint8Array[] => {
    lanes.finish();
    const all = codes;
    codes = [];
    return all;
  };
  return {
    message: (field, name) => {
      take(field, name);
      const [code] = finished();
      const label = lengthValue([field]);
      const message = new Uint8Array(label.length + 2 + PRIVATE_BYTES);
      message.set(label);
      message[label.length + 1] = PRIVATE_BYTES;
      message.set(code?.subarray(0, PRIVATE_BYTES) ?? [], label.length + 2);
      return message;
    },
    vector: (field, name) => {
      for (let index = 0; index < MISSING_BIGRAMS; index += 1) take(field, name, index);
      return distinctPositions(finished());
    },
    erase: lanes.erase,
  };
}
