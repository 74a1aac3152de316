import { gcm } from '@noble/ciphers/aes.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, clean, concatBytes } from '@noble/hashes/utils.js';
import { lengthValue, uuidForm } from '@throughline/core';
import { CLKD_BYTES } from '../clkd1/clkd1.js';
import { type DerivedKeys, deriveKeys, type LinkageTerms } from '../keys/derive.js';

export const NONCE_BYTES = 16;
const TAG_BYTES = 16;
export const WRAPPED_BYTES = CLKD_BYTES + TAG_BYTES;

/** Every key wraps one row alone, so that the initialisation vector of GCM need not vary (NIST SP 800-38D, 8.2). */
const VECTOR = new Uint8Array(12);

/** Whose row it is; the tag covers it, so that no row can be passed off as another's. */
export type Wrapping = {
  readonly agreement: string;
  readonly epoch: string;
  readonly partner: string;
  /** The record id as text, 8-4-4-4-12. */
  readonly record: string;
};

/** A wrapped row: its nonce as text, 8-4-4-4-12, and 272 bytes. */
export type WrappedRow = { readonly nonce: string; readonly wrapped: Uint8Array };

const covered = ({ agreement, epoch, partner, record }: Wrapping): Uint8Array =>
  lengthValue(['throughline', 'v1', 'residual', agreement, epoch, partner, record]);

/** The keys of rows; whoever makes one erases it. */
export type RowKeys = {
  /** K(wrap, partner, nonce) of the wrap key, 32 bytes. */
  readonly of: (row: { readonly partner: string; readonly nonce: string }) => Uint8Array;
  readonly erase: () => void;
};

/**
 * The partner is in the derivation and not only under the tag: the keyholder cannot tell whose a nonce is, and a row that
 * is asked for in another partner's name, at the cost of its share, must not open.
 */
export function rowKeys(wrap: Uint8Array, terms: LinkageTerms): RowKeys {
  const keys = deriveKeys(wrap, terms);
  return { of: ({ partner, nonce }) => keys.key('wrap', partner, nonce), erase: keys.erase };
}

/**
 * The nonce of a row, a keyed code of the record and of what is wrapped: an unchanged row keeps its bytes, and a changed
 * one has another key. So no key ever wraps two texts, and one that was opened opens nothing that comes later.
 */
export function nonceOf(own: DerivedKeys, record: string, vector: Uint8Array): string {
  const key = own.key('residual-nonce', '');
  const code = hmac(sha256, key, concatBytes(lengthValue([record]), vector));
  clean(key);
  return uuidForm(bytesToHex(code.subarray(0, NONCE_BYTES)));
}

/** Wraps the encoding of a record, AES-256-GCM under the key of its row. */
export const wrapRow = (key: Uint8Array, of: Wrapping, vector: Uint8Array): Uint8Array =>
  gcm(key, VECTOR, covered(of)).encrypt(vector);

/** @returns the encoding, 256 bytes; undefined where the key is not that of the row, or the row was altered. */
export function unwrapRow(key: Uint8Array, of: Wrapping, wrapped: Uint8Array): Uint8Array | undefined {
  if (wrapped.length !== WRAPPED_BYTES) return undefined;
  try {
    return gcm(key, VECTOR, covered(of)).decrypt(wrapped);
  } catch {
    return undefined;
  }
}
