import { clean } from '@noble/hashes/utils.js';
import type { SealingPass } from '@throughline/agreement';
import { furtherIdentifiers } from '@throughline/core';
import { identifierNames } from '../emit/identifiers.js';
import { kernel } from '../kernel/kernel.js';
import type { DerivedKeys } from '../keys/derive.js';
import { writeValue } from '../tok1/message.js';
import type { Identifiers } from '../tok1/parts.js';
import { longestPass, passesRoom, passMessages } from './pass-messages.js';

/** What tells a pass value from others at its owner: two 32-bit halves. */
export type PassValue = { readonly high: number; readonly low: number };

export type PassValues = {
  readonly read: (row: Identifiers) => void;
  /** Of the record last read; undefined where a part of the pass is missing. */
  readonly value: (pass: number) => PassValue | undefined;
  readonly erase: () => void;
};

const KEY_BYTES = 16;
const VALUE_BYTES = 8;

/**
 * Recognises pass values: SipHash-2-4 of the parts of the pass, under a key of the owner for each pass. What it gives
 * is kept in the owner's ledger and goes nowhere else.
 */
export function passValues(passes: readonly SealingPass[], own: DerivedKeys): PassValues {
  const sizes = [passes.length * KEY_BYTES, passesRoom(passes), longestPass(passes), VALUE_BYTES];
  const { bytes, words, regions, sipHashInto, erase } = kernel(sizes);
  const [keys = 0, parts = 0, message = 0, value = 0] = regions;
  const written = passMessages(passes, { bytes, at: parts });
  for (const [place, { name }] of passes.entries()) {
    const key = own.key('seal1-value', name);
    bytes.set(key.subarray(0, KEY_BYTES), keys + place * KEY_BYTES);
    clean(key);
  }
  return {
    read: written.read,
    value: (pass) => {
      if (!written.whole(pass)) return undefined;
      sipHashInto(keys + pass * KEY_BYTES, message, written.write(pass, message) - message, value);
      return halvesAt(words, value);
    },
    erase,
  };
}

/** Signed, as the database keeps them. */
const halvesAt = (words: Uint32Array, at: number): PassValue => ({
  low: (words[at / 4] ?? 0) | 0,
  high: (words[at / 4 + 1] ?? 0) | 0,
});

/** Recognises records: a code of all identifiers of one, by which a changed record is found. */
export type RecordCodes = { readonly of: (row: Identifiers) => PassValue; readonly erase: () => void };

/** SipHash-2-4 over LV of each identifier, behind an `=` where there is one, under a key of the owner. */
export function recordCodes(own: DerivedKeys): RecordCodes {
  const derived = own.key('seal1-value', '');
  const key = derived.slice(0, KEY_BYTES);
  clean(derived);
  let memory = codeMemory(key, USUAL_RECORD);
  return {
    of: (row) => {
      const common = identifierNames.map((name) => (row[name] === null ? '' : `=${row[name]}`));
      const further = furtherIdentifiers.flatMap((name) => {
        const value = row[name] ?? null;
        return value === null ? [] : [`${name}=${value}`];
      });
      const texts = [...common, ...further];
      const most = texts.reduce((sum, text) => sum + LENGTH_BYTES + MOST_BYTES_A_UNIT * text.length, 0);
      if (most > memory.room) {
        memory.erase();
        memory = codeMemory(key, most);
      }
      return memory.codeOf(texts);
    },
    erase: () => {
      memory.erase();
      clean(key);
    },
  };
}

const USUAL_RECORD = 16_384;
const LENGTH_BYTES = 2;
const MOST_BYTES_A_UNIT = 3;

function codeMemory(key: Uint8Array, room: number) {
  const { bytes, words, regions, sipHashInto, erase } = kernel([KEY_BYTES, room, VALUE_BYTES]);
  const [keyAt = 0, message = 0, value = 0] = regions;
  bytes.set(key, keyAt);
  return {
    room,
    codeOf: (texts: readonly string[]): PassValue => {
      const end = texts.reduce((at, text) => writeValue(bytes, at, text), message);
      sipHashInto(keyAt, message, end - message, value);
      return halvesAt(words, value);
    },
    erase,
  };
}
