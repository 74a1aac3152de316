import { expand, extract } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, clean, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Emou } from '@throughline/agreement';
import { canonicalJson, lengthValue } from '@throughline/core';

/** The terms of a memorandum that keys are bound to. */
export type LinkageTerms = Pick<Emou, 'id' | 'linkage'>;

/** Of a memorandum what keys are bound to, and nothing that a thread could not be given. */
export const boundTerms = ({ id, linkage }: LinkageTerms): LinkageTerms => ({ id, linkage });

/**
 * `tok`: one key a token rule; `kcv`: the key of the check value; `seal1`: one key a pass; `seal1-vector`: the key of
 * the bigrams; `clkd1`: one a kind of feature; `clkd1-diffusion`. Of the wrap key: `wrap`, one a partner
 * and nonce, and `kcv`. Of the owner's own key: `seal1-filler`, one a pass,
 * `seal1-missing`, one a field, `seal1-value`, one a pass, `own-vector` (the key of the bigrams by which it compares its own
 * records), and `residual-nonce`.
 */
export type KeyPurpose =
  | 'tok'
  | 'kcv'
  | 'seal1'
  | 'seal1-vector'
  | 'clkd1'
  | 'clkd1-diffusion'
  | 'seal1-filler'
  | 'seal1-missing'
  | 'seal1-value'
  | 'own-vector'
  | 'wrap'
  | 'residual-nonce';

/** The keys of one agreement and epoch. Whoever derives them erases them. */
export type DerivedKeys = {
  /** K(purpose, name): 32 bytes; of several names, each has its own place, so that no two lists of them meet. */
  readonly key: (purpose: KeyPurpose, ...names: readonly string[]) => Uint8Array;
  readonly erase: () => void;
};

const KEY_BYTES = 32;
const CHECK_BYTES = 8;

/**
 * What a token is made of besides the rules: part of every key, so that a party whose software normalises or
 * encodes differently is refused by the check value instead of giving tokens that meet nothing.
 */
const SCHEMA_HASH = bytesToHex(sha256(utf8ToBytes(canonicalJson({ normal_form: 'norm-1', tokens: 'tok1' }))));

/**
 * Derives the keys of an agreement and epoch from its root by HKDF-SHA256 (RFC 5869):
 * PRK = Extract(salt, root) and K(purpose, name) = Expand(PRK, info(purpose, name), 32).
 */
export function deriveKeys(root: Uint8Array, terms: LinkageTerms): DerivedKeys {
  const pseudoRandomKey = extract(sha256, root, agreementSalt(terms));
  return {
    key: (purpose, ...names) => expand(sha256, pseudoRandomKey, keyInfo(terms, purpose, ...names), KEY_BYTES),
    erase: () => clean(pseudoRandomKey),
  };
}

/**
 * SHA-256("throughline/v1/agreement" || canonical JSON of the memorandum's id and linkage terms).
 *
 * The rest of the memorandum is left out: were its whole text hashed, correcting a sentence would change every
 * token, and every child would meet nobody until all partners had delivered again. What decides which tokens
 * agree is all there, so that parties who apply different rules do not share a key.
 */
export function agreementSalt({ id, linkage }: LinkageTerms): Uint8Array {
  const label = utf8ToBytes('throughline/v1/agreement');
  return sha256(concatBytes(label, utf8ToBytes(canonicalJson({ id, linkage }))));
}

/** LV("throughline") LV("v1") LV(purpose) LV(agreement) LV(epoch) LV(schema hash) LV(name) … */
export function keyInfo(
  { id, linkage }: LinkageTerms,
  purpose: KeyPurpose,
  ...names: readonly string[]
): Uint8Array {
  return lengthValue(['throughline', 'v1', purpose, id, linkage.epoch, SCHEMA_HASH, ...names]);
}

/** First 8 bytes of HMAC(K(kcv), "check"), hexadecimal: tells one key from another and nothing more. */
export function checkValue(keys: DerivedKeys): string {
  const key = keys.key('kcv', '');
  const code = hmac(sha256, key, utf8ToBytes('check'));
  clean(key);
  return bytesToHex(code.subarray(0, CHECK_BYTES));
}

/**
 * First 8 bytes of HMAC(root, LV("throughline") LV("v1") LV("root-id")), hexadecimal: the same for one root under
 * any agreement, so that a root that serves two is noticed.
 */
export function rootId(root: Uint8Array): string {
  const code = hmac(sha256, root, lengthValue(['throughline', 'v1', 'root-id']));
  return bytesToHex(code.subarray(0, CHECK_BYTES));
}
