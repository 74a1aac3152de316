import { describe, expect, it } from 'vitest';
import { digestOf, hmacOf } from './digests.js';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describe('digests', () => {
  // RFC 1321, FIPS 180, RFC 7693 appendices A and B.
  it.each([
    ['md5', '900150983cd24fb0d6963f7d28e17f72'],
    ['sha1', 'a9993e364706816aba3e25717850c26c9cd0d89d'],
    ['sha256', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['blake2s256', '508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982'],
  ] as const)('%s of abc is as published', (name, digest) => {
    expect(hex(digestOf(name, 'abc'))).toBe(digest);
  });

  it('HMAC-SHA-256 is as in RFC 4231, case 2', () => {
    expect(hex(hmacOf('sha256', 'Jefe', 'what do ya want for nothing?'))).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });
});
