import { clean } from '@noble/hashes/utils.js';
import type { SealingPass } from '@throughline/agreement';
import type { DerivedKeys } from '../keys/derive.js';
import type { Identifiers } from '../tok1/parts.js';
import { partBytes, placesOf } from './part-bytes.js';
import { packSip, sipHalves, sipHash } from './siphash.js';

/** What tells a pass value from others at its owner: two 32-bit halves. */
export type PassValue = { readonly high: number; readonly low: number };

export type PassValues = {
  readonly read: (row: Identifiers) => void;
  /** Of the record last read; undefined where a part of the pass is missing. */
  readonly value: (pass: number) => PassValue | undefined;
  readonly erase: () => void;
};

/** More than any message of a pass takes, nearly always; of a longer one the words are made anew. */
const USUAL_HALVES = 64;

/**
 * Recognises pass values: SipHash-2-4 of the parts of the pass, under a key of the owner for each pass. What it gives
 * is kept in the owner's ledger and goes nowhere else.
 */
export function passValues(passes: readonly SealingPass[], own: DerivedKeys): PassValues {
  const { parts, places } = placesOf(passes);
  const written = partBytes(parts);
  const keys = passes.map(({ name }) => own.key('seal1-value', name));
  const hash = sipHash();
  const usual = new Int32Array(USUAL_HALVES);
  return {
    read: written.read,
    value: (pass) => {
      const message = written.message(places[pass] ?? []);
      if (message === undefined) return undefined;
      const halves = sipHalves(message.length);
      const words = halves > USUAL_HALVES ? new Int32Array(halves) : usual.fill(0, 0, halves);
      packSip(message, words, 0);
      hash.key(keys[pass] ?? new Uint8Array(), 0);
      const low = hash.hash(words, 0, halves);
      return { high: hash.rest(), low };
    },
    erase: () => {
      for (const key of keys) clean(key);
      hash.erase();
      usual.fill(0);
    },
  };
}
