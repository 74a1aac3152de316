import { generateKeyPairSync, sign } from 'node:crypto';
import type { Curve, PublicKey } from '@throughline/agreement';
import { describe, expect, it } from 'vitest';
import { primitives } from './primitives.js';

const { sha256, sha512, signEd25519, verify } = primitives;
const fromHex = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));
const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const text = (words: string) => new TextEncoder().encode(words);
const fromBase64Url = (value: string | undefined) => Uint8Array.from(Buffer.from(value ?? '', 'base64url'));

describe('hashes', () => {
  it('are those of FIPS 180-4', () => {
    expect(toHex(sha256(text('abc')))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
    expect(toHex(sha512(text('abc'))).slice(0, 32)).toBe('ddaf35a193617abacc417349ae204131');
  });
});

describe('Ed25519', () => {
  // RFC 8032, section 7.1, test 2.
  const seed = fromHex('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb');
  const key: PublicKey = {
    algorithm: 'ed25519',
    bytes: fromHex('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c'),
  };
  const message = Uint8Array.of(0x72);
  const signature = fromHex(
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  );

  it('signs and verifies as RFC 8032 says', () => {
    expect(toHex(signEd25519(seed, message))).toBe(toHex(signature));
    expect(verify(key, message, signature)).toBe(true);
  });

  it('verifies nothing else', () => {
    expect(verify(key, Uint8Array.of(0x73), signature)).toBe(false);
    expect(verify(key, message, signature.slice(0, 63))).toBe(false);
    expect(verify(key, message, new Uint8Array(64))).toBe(false);
    expect(verify({ ...key, bytes: key.bytes.slice(1) }, message, signature)).toBe(false);
    // The same signature with S + L in place of S, which a lax verifier takes.
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const s = BigInt(`0x${toHex(signature.slice(32).reverse())}`) + order;
    const again = Uint8Array.from([
      ...signature.slice(0, 32),
      ...fromHex(s.toString(16).padStart(64, '0')).reverse(),
    ]);
    expect(verify(key, message, again)).toBe(false);
  });
});

const curves: readonly [Curve, string, string][] = [
  ['nistp256', 'P-256', 'sha256'],
  ['nistp384', 'P-384', 'sha384'],
  ['nistp521', 'P-521', 'sha512'],
];

describe.each(curves)('ECDSA on %s', (curve, namedCurve, hash) => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve });
  const { x, y } = publicKey.export({ format: 'jwk' });
  const point = Uint8Array.from([4, ...fromBase64Url(x), ...fromBase64Url(y)]);
  const key: PublicKey = { algorithm: 'ecdsa', curve, point };
  const message = text('message');
  const signature = sign(hash, message, { key: privateKey, dsaEncoding: 'ieee-p1363' });

  it('verifies r and s over the hash of the curve', () => {
    expect(verify(key, message, signature)).toBe(true);
    expect(verify(key, text('other'), signature)).toBe(false);
    expect(verify(key, message, sign(hash, message, privateKey))).toBe(false);
    expect(verify(key, message, signature.subarray(1))).toBe(false);
    expect(verify(key, message, new Uint8Array(signature.length))).toBe(false);
    expect(verify(key, message, new Uint8Array())).toBe(false);
  });

  it('verifies nothing with a point that is not on the curve', () => {
    const off = Uint8Array.from(point);
    off[off.length - 1] = (off.at(-1) ?? 0) ^ 1;
    expect(verify({ algorithm: 'ecdsa', curve, point: off }, message, signature)).toBe(false);
    expect(verify({ algorithm: 'ecdsa', curve, point: Uint8Array.of(4) }, message, signature)).toBe(false);
  });
});

describe('RSA', () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { n, e } = publicKey.export({ format: 'jwk' });
  const key = { algorithm: 'rsa', modulus: fromBase64Url(n), exponent: fromBase64Url(e) } as const;
  const message = text('message');

  it.each(['sha256', 'sha512'] as const)('verifies PKCS #1 v1.5 over %s and over nothing else', (hash) => {
    const signature = sign(hash, message, privateKey);
    expect(verify({ ...key, hash }, message, signature)).toBe(true);
    expect(verify({ ...key, hash: hash === 'sha256' ? 'sha512' : 'sha256' }, message, signature)).toBe(false);
    expect(verify({ ...key, hash }, message, sign('sha1', message, privateKey))).toBe(false);
    expect(verify({ ...key, hash }, text('other'), signature)).toBe(false);
    expect(verify({ ...key, hash }, message, signature.subarray(1))).toBe(false);
  });
});
