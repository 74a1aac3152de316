import { clean } from '@noble/hashes/utils.js';
import type { Sealing } from '@throughline/agreement';
import { type SlotLayout, slotLayout } from '@throughline/core';
import { type Kernel, kernel } from '../kernel/kernel.js';
import type { DerivedKeys, KeyPurpose } from '../keys/derive.js';
import type { Identifiers } from '../tok1/parts.js';
import { type BigramTable, bigramTable } from './bigrams.js';
import { missingValues } from './missing.js';
import { recordRooms, sealRecord } from './record.js';

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

const KEY_BYTES = 32;
/** Of a key of HMAC-SHA-512. */
const STATES = 128;

/**
 * Sealed fields `seal1`; docs/reference/encoding.md is their specification. Two slots can be compared only if they
 * hold the same pass value: then their vectors are permuted and masked alike, and their codes made under one key.
 */
export function seal1(choices: SealChoices): Sealer {
  const { sealing, decoys } = choices;
  const { passes, similar, exact } = sealing;
  const layout = slotLayout(sealing);
  const memory = kernel([KEY_BYTES, 2 * passes.length * STATES, layout.width, ...recordRooms(sealing)]);
  const [key = 0, states = 0, slot = 0, ...rooms] = memory.regions;
  const [shared, filler] = [states, states + passes.length * STATES];
  keepStates(passes, { keys: choices.keys, purpose: 'seal1', memory, key, states: shared });
  keepStates(passes, { keys: choices.own, purpose: 'seal1-filler', memory, key, states: filler });
  const [bigrams, missing] = [vectorTable(choices.keys), missingValues(sealing, choices.own)];
  const record = sealRecord(sealing, { memory, rooms, bigrams, missing });
  const { message, vectors, codes } = record.at;
  const decoyBelow = Math.floor(decoys * 2 ** 32);
  const sealed = memory.bytes.subarray(slot, slot + layout.width);
  /** Begins a slot. @returns the draw that decides decoys: 32 bits. */
  const start = (pass: number, real: boolean): number => {
    const length = record.message(pass, !real);
    return memory.startSlot((real ? shared : filler) + pass * STATES, message, length) >>> 0;
  };
  return {
    layout,
    read: record.read,
    seal: (pass, mayBeReal, { bytes, at }) => {
      const real = mayBeReal && record.whole(pass) && start(pass, true) >= decoyBelow;
      if (!real) start(pass, false);
      memory.finishSlot(slot, similar.length, vectors, exact.length, codes);
      bytes.set(sealed, at);
      return real;
    },
    erase: () => {
      for (const each of [memory, bigrams, missing]) each.erase();
    },
  };
}

function vectorTable(keys: DerivedKeys): BigramTable {
  const key = keys.key('seal1-vector', '');
  const table = bigramTable(key);
  clean(key);
  return table;
}

type Keeping = {
  readonly keys: DerivedKeys;
  readonly purpose: KeyPurpose;
  readonly memory: Kernel;
  /** Where a key is handed over, and where the states of all are kept. */
  readonly key: number;
  readonly states: number;
};

/** Keeps the states of the key of each pass: the secret of a slot is an HMAC-SHA-512 under it. */
function keepStates(passes: Sealing['passes'], { keys, purpose, memory, key, states }: Keeping): void {
  for (const [place, { name }] of passes.entries()) {
    const derived = keys.key(purpose, name);
    memory.bytes.set(derived, key);
    memory.hmac512Key(key, states + place * STATES);
    clean(derived);
  }
  memory.bytes.fill(0, key, key + KEY_BYTES);
}
