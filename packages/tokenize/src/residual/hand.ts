import { hexToBytes } from '@noble/hashes/utils.js';
import { CLKD_BYTES, clkd1 } from '../clkd1/clkd1.js';
import type { Hand } from '../crew/crew.js';
import { identifiersOf } from '../emit/identifiers.js';
import { deriveKeys, type LinkageTerms } from '../keys/derive.js';
import { NONCE_BYTES, nonceOf, rowKeys, WRAPPED_BYTES, wrapRow } from './wrap.js';

/** What a wrapper is made of; plain values, so that a thread can be given them. */
export type ResidualWork = {
  readonly partner: string;
  readonly diffusion: number;
  readonly terms: LinkageTerms;
  readonly root: Uint8Array;
  readonly recordKey: Uint8Array;
  readonly wrapKey: Uint8Array;
};

/** Bytes of an answer for each record: whether there is a row, its nonce, what is wrapped. */
export const ROW_BYTES = 1 + NONCE_BYTES + WRAPPED_BYTES;

/** Encodes and wraps batches of record id and identifiers; a record without name or birth date has no row. */
export function residualHand(work: ResidualWork): Hand<Uint8Array<ArrayBuffer>> {
  const { terms, partner } = work;
  const [keys, own] = [deriveKeys(work.root, terms), deriveKeys(work.recordKey, terms)];
  const [encoder, rows] = [clkd1(keys, work.diffusion), rowKeys(work.wrapKey, terms)];
  const vector = new Uint8Array(CLKD_BYTES);
  const of = { agreement: terms.id, epoch: terms.linkage.epoch, partner };
  const wrapInto = (into: Uint8Array, record: string): void => {
    const nonce = nonceOf(own, record, vector);
    const key = rows.of({ partner, nonce });
    into.set([1]);
    into.set(hexToBytes(nonce.replaceAll('-', '')), 1);
    into.set(wrapRow(key, { ...of, record }, vector), 1 + NONCE_BYTES);
    key.fill(0);
  };
  return {
    answer: ([ids = [], identifiers = []]) => {
      const bytes = new Uint8Array(ids.length * ROW_BYTES);
      for (const [at, id] of ids.entries()) {
        if (encoder.encode(identifiersOf(identifiers[at]), vector) === undefined) continue;
        wrapInto(bytes.subarray(at * ROW_BYTES, (at + 1) * ROW_BYTES), String(id));
      }
      vector.fill(0);
      return bytes;
    },
    buffers: ({ buffer }) => [buffer],
    erase: () => {
      for (const each of [encoder, rows, keys, own]) each.erase();
    },
  };
}
