import { hmac } from '@noble/hashes/hmac.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { clean } from '@noble/hashes/utils.js';
import type { Sealing } from '@throughline/agreement';
import {
  lengthValue,
  SLOT_CODE_BYTES,
  SLOT_TOKEN_BYTES,
  SLOT_VECTOR_BYTES,
  type SlotLayout,
  slotLayout,
} from '@throughline/core';
import type { DerivedKeys, KeyPurpose } from '../keys/derive.js';
import type { Identifiers } from '../tok1/parts.js';
import { bigramTable } from './bigrams.js';
import { type SealRecord, sealRecord } from './record.js';
import { sipHash } from './siphash.js';
import { shuffle, stream } from './stream.js';

export type SealKeys = {
  /** Of the agreement: what all partners share. */
  readonly keys: DerivedKeys;
  /** Of the owner alone, derived in the same way from its record key. */
  readonly own: DerivedKeys;
};

export type SealChoices = SealKeys & {
  readonly sealing: Sealing;
  /** The share of pass values that no partner seals for real, 0..1. */
  readonly decoys: number;
};

/** Where a slot is written. */
export type SlotPlace = { readonly bytes: Uint8Array; readonly at: number };

/** Seals the slots of one record after the other. */
export type Sealer = {
  readonly layout: SlotLayout;
  readonly read: (recordId: string, row: Identifiers) => void;
  /**
   * Writes a slot of the record last read: a real one if it may be, filler otherwise.
   *
   * @returns whether it is real.
   */
  readonly seal: (pass: number, mayBeReal: boolean, place: SlotPlace) => boolean;
  readonly erase: () => void;
};

/** The secret of a slot, 64 bytes: its token, the key of its stream, the key of its codes. */
const STREAM_KEY = { from: SLOT_TOKEN_BYTES, until: 48 };
const CODE_KEY = 48;
/** A permutation takes 354 bytes of a stream on average, with a standard deviation of 13. */
const USUAL_PERMUTATION_BYTES = 440;

/**
 * Sealed fields `seal1`; docs/reference/encoding.md is their specification. Two slots can be compared only if they
 * hold the same pass value: then their vectors are permuted and masked alike, and their codes made under one key.
 */
export function seal1({ sealing, keys, own, decoys }: SealChoices): Sealer {
  const layout = slotLayout(sealing);
  const vectorKey = keys.key('seal1-vector', '');
  const bigrams = bigramTable(vectorKey);
  clean(vectorKey);
  const record = sealRecord(sealing, { own, bigrams });
  const names = sealing.passes.map(({ name }) => name);
  const shared = slotSecrets(names, keys, 'seal1');
  const private_ = slotSecrets(names, own, 'seal1-filler');
  const write = slotWriter(layout, record);
  const decoyBelow = Math.floor(decoys * 2 ** 32);
  const fill = (pass: number, message: Uint8Array | undefined, place: SlotPlace): boolean => {
    write.start(private_.secret(pass, message, record.name()));
    write.rest(place);
    return false;
  };
  return {
    layout,
    read: record.read,
    seal: (pass, mayBeReal, place) => {
      const message = record.message(pass);
      if (message === undefined || !mayBeReal) return fill(pass, message, place);
      if (write.start(shared.secret(pass, message)) < decoyBelow) return fill(pass, message, place);
      write.rest(place);
      return true;
    },
    erase: () => {
      for (const each of [bigrams, shared, private_, write]) each.erase();
    },
  };
}

/**
 * Secrets of slots: HMAC-SHA-512 under the key of the pass over LV(pass), then, of filler, LV(record id), then the
 * parts of the pass, or nothing where one is missing.
 */
function slotSecrets(passes: readonly string[], keys: DerivedKeys, purpose: KeyPurpose) {
  const starts = passes.map((pass) => {
    const key = keys.key(purpose, pass);
    const start = hmac.create(sha512, key).update(lengthValue([pass]));
    clean(key);
    return start;
  });
  const work = hmac.create(sha512, new Uint8Array());
  const secret = new Uint8Array(sha512.outputLen);
  return {
    secret: (pass: number, message: Uint8Array | undefined, name?: Uint8Array): Uint8Array => {
      starts[pass]?._cloneInto(work);
      if (name !== undefined) work.update(name);
      if (message !== undefined) work.update(message);
      work.digestInto(secret);
      return secret;
    },
    erase: () => {
      for (const each of [...starts, work]) each.destroy();
      secret.fill(0);
    },
  };
}

function slotWriter({ similar, exact }: SlotLayout, record: SealRecord) {
  const drawn = stream(4 + similar.length * SLOT_VECTOR_BYTES + USUAL_PERMUTATION_BYTES);
  const permutation = new Uint8Array(256);
  const codes = sipHash();
  const secret = new Uint8Array(sha512.outputLen);
  const codesAt = SLOT_TOKEN_BYTES + similar.length * SLOT_VECTOR_BYTES;
  return {
    /** Begins a slot. @returns the draw that decides decoys: 32 bits. */
    start: (of: Uint8Array): number => {
      secret.set(of);
      drawn.restart(secret.subarray(STREAM_KEY.from, STREAM_KEY.until));
      const [a = 0, b = 0, c = 0, d = 0] = drawn.take(4);
      return a * 2 ** 24 + ((b << 16) | (c << 8) | d);
    },
    rest: ({ bytes, at }: SlotPlace): void => {
      bytes.set(secret.subarray(0, SLOT_TOKEN_BYTES), at);
      bytes.set(drawn.take(similar.length * SLOT_VECTOR_BYTES), at + SLOT_TOKEN_BYTES);
      shuffle(permutation, drawn);
      for (let field = 0; field < similar.length; field += 1) {
        const from = at + SLOT_TOKEN_BYTES + field * SLOT_VECTOR_BYTES;
        flipPermuted(record.vector(field), permutation, { bytes, at: from });
      }
      codes.key(secret, CODE_KEY);
      const { words, ends } = record.codes();
      for (let field = 0; field < exact.length; field += 1) {
        const code = codes.hash(words, ends[field - 1] ?? 0, ends[field] ?? 0);
        writeHalf(code, bytes, at + codesAt + field * SLOT_CODE_BYTES);
      }
    },
    erase: () => {
      drawn.erase();
      codes.erase();
      permutation.fill(0);
      secret.fill(0);
    },
  };
}

/** Bit b of a vector is bit b mod 8, the lowest first, of byte b div 8. */
function flipPermuted(vector: Uint8Array, permutation: Uint8Array, { bytes, at }: SlotPlace): void {
  for (let index = 0; index < vector.length; index += 1) {
    const bit = permutation[vector[index] ?? 0] ?? 0;
    const byte = at + (bit >> 3);
    bytes[byte] = (bytes[byte] ?? 0) ^ (1 << (bit & 7));
  }
}

/** Four bytes, little-endian. */
function writeHalf(half: number, bytes: Uint8Array, at: number): void {
  bytes[at] = half & 0xff;
  bytes[at + 1] = (half >> 8) & 0xff;
  bytes[at + 2] = (half >> 16) & 0xff;
  bytes[at + 3] = half >>> 24;
}
