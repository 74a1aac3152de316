import type { Hash } from '../proofs/hash.js';

export type Curve = 'nistp256' | 'nistp384' | 'nistp521';

/** A public key and whatever else the algorithm leaves open, so that verifying takes no further choice. */
export type PublicKey =
  | { readonly algorithm: 'ed25519'; readonly bytes: Uint8Array }
  /** `point` is uncompressed: 04, x, y. The hash follows from the curve (RFC 5656, section 6.2.1). */
  | { readonly algorithm: 'ecdsa'; readonly curve: Curve; readonly point: Uint8Array }
  /** PKCS #1 v1.5 (RFC 8332). Modulus and exponent are big-endian without leading zeros. */
  | {
      readonly algorithm: 'rsa';
      readonly hash: 'sha256' | 'sha512';
      readonly modulus: Uint8Array;
      readonly exponent: Uint8Array;
    };

/**
 * Whether a signature is good. Ed25519: 64 bytes; ECDSA: r and s, each as long as the curve's field; RSA: as
 * long as the modulus. False, not an error, for a key that is none.
 */
export type Verify = (key: PublicKey, message: Uint8Array, signature: Uint8Array) => boolean;

/** Signs with Ed25519. The seed is the 32 bytes that RFC 8032 calls the private key. */
export type SignEd25519 = (seed: Uint8Array, message: Uint8Array) => Uint8Array;

/** What signatures rest on. The software's only implementation is in the engine. */
export type Primitives = {
  readonly sha256: Hash;
  readonly sha512: Hash;
  readonly verify: Verify;
  readonly signEd25519: SignEd25519;
};
