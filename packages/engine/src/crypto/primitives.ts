import {
  createHash,
  createPrivateKey,
  createPublicKey,
  type JsonWebKey,
  type KeyObject,
  sign,
  verify as verifyWith,
} from 'node:crypto';
import type { Primitives, PublicKey } from '@throughline/agreement';

/** The primitives that signatures and proofs rest on, by Node's OpenSSL. */
export const primitives: Primitives = {
  sha256: (bytes) => digest('sha256', bytes),
  sha512: (bytes) => digest('sha512', bytes),
  verify,
  signEd25519: (seed, message) => Uint8Array.from(sign(null, message, privateKeyOf(seed))),
};

const digest = (algorithm: 'sha256' | 'sha512', bytes: Uint8Array): Uint8Array =>
  Uint8Array.from(createHash(algorithm).update(bytes).digest());

function verify(key: PublicKey, message: Uint8Array, signature: Uint8Array): boolean {
  const opened = publicKeyOf(key);
  if (opened === undefined) return false;
  return verifyWith(hashOf(key), message, { key: opened, dsaEncoding: 'ieee-p1363' }, signature);
}

/** OpenSSL refuses a point that is not on the curve; to us such a key verifies nothing. */
function publicKeyOf(key: PublicKey): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwkOf(key), format: 'jwk' });
  } catch {
    return undefined;
  }
}

// RFC 7518, section 6.2.1.1.
const curveNames = { nistp256: 'P-256', nistp384: 'P-384', nistp521: 'P-521' } as const;

function jwkOf(key: PublicKey): JsonWebKey {
  switch (key.algorithm) {
    case 'ed25519':
      return { kty: 'OKP', crv: 'Ed25519', x: base64Url(key.bytes) };
    case 'ecdsa': {
      const middle = (key.point.length + 1) / 2;
      const x = base64Url(key.point.subarray(1, middle));
      return { kty: 'EC', crv: curveNames[key.curve], x, y: base64Url(key.point.subarray(middle)) };
    }
    case 'rsa':
      return { kty: 'RSA', n: base64Url(key.modulus), e: base64Url(key.exponent) };
  }
}

const base64Url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

// RFC 5656, section 6.2.1, and RFC 8032, which hashes by itself.
const curveHashes = { nistp256: 'sha256', nistp384: 'sha384', nistp521: 'sha512' } as const;

function hashOf(key: PublicKey): string | null {
  if (key.algorithm === 'ed25519') return null;
  return key.algorithm === 'ecdsa' ? curveHashes[key.curve] : key.hash;
}

/** The public half of an Ed25519 key, 32 bytes. The seed is the 32 bytes that RFC 8032 calls the private key. */
export function publicKeyOfSeed(seed: Uint8Array): Uint8Array {
  const { x = '' } = createPublicKey(privateKeyOf(seed)).export({ format: 'jwk' });
  return Uint8Array.from(Buffer.from(x, 'base64url'));
}

// The header of an Ed25519 PKCS #8 key without attributes (RFC 8410, section 7); the seed follows.
const PKCS8_HEADER = Buffer.from('302e020100300506032b657004220420', 'hex');

function privateKeyOf(seed: Uint8Array): KeyObject {
  const der = Buffer.concat([PKCS8_HEADER, seed]);
  try {
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  } finally {
    der.fill(0);
  }
}
