import { readFileSync } from 'node:fs';
import { ThroughlineError } from '@throughline/core';
import { describe, expect, it } from 'vitest';
import { joinBytes } from '../../proofs/bytes.js';
import { armor, dearmor } from './armor.js';
import { parseSigningKey } from './private-key.js';
import { wireString, wireUint32 } from './wire.js';

const folder = new URL('../../../../../fixtures/vectors/sshsig/ssh-keygen/', import.meta.url);
const textOf = (name: string) => readFileSync(new URL(`TEST-KEY-NOT-SECRET-${name}`, folder), 'utf8');

function codeOf(text: string): unknown {
  try {
    return parseSigningKey(text);
  } catch (error) {
    return error instanceof ThroughlineError ? error.code : error;
  }
}

const point = new Uint8Array(32).fill(2);
const ed25519 = joinBytes([wireString('ssh-ed25519'), wireString(point)]);

/** The fields of the private half, each of which a test may replace. */
const secret = {
  check: wireUint32(7),
  again: wireUint32(7),
  kind: wireString('ssh-ed25519'),
  point: wireString(point),
  pair: wireString(joinBytes([new Uint8Array(32).fill(1), point])),
  comment: wireString('c'),
  padding: Uint8Array.of(1, 2, 3, 4),
};

const container = {
  magic: new TextEncoder().encode('openssh-key-v1\0'),
  cipher: wireString('none'),
  kdf: wireString('none'),
  options: wireString(''),
  count: wireUint32(1),
  publicKey: wireString(ed25519),
  behind: new Uint8Array(),
};

function written(changed: Partial<typeof container>, changedSecret: Partial<typeof secret> = {}): string {
  const { behind, ...before } = { ...container, ...changed };
  const privateKeys = wireString(joinBytes(Object.values({ ...secret, ...changedSecret })));
  return armor('OPENSSH PRIVATE KEY', joinBytes([...Object.values(before), privateKeys, behind]));
}

describe('a private key of OpenSSH', () => {
  it('is read if it is Ed25519 without a passphrase', () => {
    const key = parseSigningKey(textOf('ed25519'));
    expect(key.publicKey.kind).toBe('ssh-ed25519');
    expect(key.seed).toHaveLength(32);
    expect(parseSigningKey(written({}))).toMatchObject({ seed: new Uint8Array(32).fill(1) });
  });

  it.each(['ed25519-encrypted', 'ed25519-encrypted-gcm'])('is refused with the way out: %s', (name) => {
    expect(codeOf(textOf(name))).toBe('SIGNING_KEY_ENCRYPTED');
  });

  it.each<[string, string]>([
    ['of another kind', textOf('ecdsa256')],
    ['in another format', textOf('ed25519').replaceAll('OPENSSH PRIVATE', 'RSA PRIVATE')],
    ['a public key', 'ssh-ed25519 AAAA'],
    ['of another version', written({ magic: new TextEncoder().encode('openssh-key-v2\0') })],
    ['with key derivation but no cipher', written({ kdf: wireString('bcrypt') })],
    ['with options but no derivation', written({ options: wireString('x') })],
    ['of two keys', written({ count: wireUint32(2) })],
    ['with bytes behind it', written({ behind: Uint8Array.of(0) })],
    ['with unequal checks', written({}, { again: wireUint32(8) })],
    ['with another kind inside', written({}, { kind: wireString('ssh-rsa') })],
    ['with another point inside', written({}, { point: wireString(new Uint8Array(32)) })],
    ['with another point in the pair', written({}, { pair: wireString(new Uint8Array(64)) })],
    ['without a seed', written({}, { pair: wireString(point) })],
    ['with other padding', written({}, { padding: Uint8Array.of(1, 2, 3, 5) })],
    ['with too little padding', written({}, { padding: Uint8Array.of(1, 2, 3) })],
    ['with too much padding', written({}, { padding: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12) })],
  ])('is refused %s', (_, text) => {
    expect(codeOf(text)).toBe('SIGNING_KEY_UNSUPPORTED');
  });

  it('is refused when it is cut anywhere', () => {
    const blob = dearmor('OPENSSH PRIVATE KEY', textOf('ed25519')) as Uint8Array;
    for (let length = 1; length < blob.length; length += 1) {
      expect(codeOf(armor('OPENSSH PRIVATE KEY', blob.slice(0, length)))).toBe('SIGNING_KEY_UNSUPPORTED');
    }
  });
});
