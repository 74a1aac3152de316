import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { joinBytes } from '../../proofs/bytes.js';
import { fingerprintOf, isSecurityKey, parsePublicKey, type SshPublicKey } from './public-key.js';
import { wireString } from './wire.js';

const sha256 = (bytes: Uint8Array) => Uint8Array.from(createHash('sha256').update(bytes).digest());
const folder = new URL('../../../../../fixtures/vectors/sshsig/', import.meta.url);

const blobsOf = (file: string): Uint8Array[] =>
  readFileSync(new URL(file, folder), 'utf8')
    .trim()
    .split('\n')
    .map((line) => Uint8Array.from(Buffer.from(line.split(' ')[2] ?? '', 'base64')));

const blobs = [...blobsOf('ssh-keygen/allowed_signers'), ...blobsOf('openssh/allowed_signers').slice(0, 2)];

/** Kinds and fingerprints as `ssh-keygen -l` printed them. */
const printed = [
  ['ecdsa-sha2-nistp256', 'SHA256:wB1+A6EvkR6SE1iBi6pOCsZlAREWoJqePqQBg6+9xwg'],
  ['ecdsa-sha2-nistp384', 'SHA256:wEzHbJuu4NwW0tApPum+ZE9w81q0UvHU+4stAmjoTqo'],
  ['ecdsa-sha2-nistp521', 'SHA256:A06ax8ZpyKCxCJrLVHbBLt8/KlrtTRhR6DPqAaAiP4o'],
  ['ssh-ed25519', 'SHA256:wm6WIaFrxq1otrKJ6fJ1US4JjGse8wizn/bXjsvMqiQ'],
  ['ssh-rsa', 'SHA256:sheqKdO+RmiPa4b333mXXUdWZ3CuqemS3Jqwy6eoyTQ'],
  ['sk-ssh-ed25519@openssh.com', 'SHA256:pbI9wlyrFSsUbp+GTiIAOqNMvoajbF2tHsPMECyrMYU'],
  ['sk-ecdsa-sha2-nistp256@openssh.com', 'SHA256:/ALxJUlmDPE0gxeL1nZip4oXm1VG1qmR2xL5iUzZD1A'],
] as const;

const ecdsa = (curve: string, point: Uint8Array) =>
  joinBytes([wireString('ecdsa-sha2-nistp256'), wireString(curve), wireString(point)]);
const rsa = (exponent: Uint8Array, modulus: Uint8Array) =>
  joinBytes([wireString('ssh-rsa'), wireString(exponent), wireString(modulus)]);
const modulus = (bits: number) => joinBytes([Uint8Array.of(0, 0x80), new Uint8Array(bits / 8 - 1).fill(1)]);
const point = (first: number, bytes: number) => joinBytes([Uint8Array.of(first), new Uint8Array(bytes)]);
const usual = Uint8Array.of(1, 0, 1);

describe('an SSH public key', () => {
  it.each(
    printed.map((expected, place) => [...expected, place] as const),
  )('%s %s', (kind, fingerprint, place) => {
    const blob = blobs[place] ?? new Uint8Array();
    const key = parsePublicKey(blob) as SshPublicKey;
    expect(key).toMatchObject({ kind, blob });
    expect(key.application).toBe(isSecurityKey(kind) ? 'ssh:' : undefined);
    expect(fingerprintOf(sha256, key)).toBe(fingerprint);
  });

  it('is refused when it is cut anywhere or has a byte behind it', () => {
    for (const blob of blobs) {
      for (let length = 0; length < blob.length; length += 1)
        expect(parsePublicKey(blob.slice(0, length))).toBeTypeOf('string');
      expect(parsePublicKey(joinBytes([blob, Uint8Array.of(0)]))).toBe('malformed-key');
    }
  });

  it.each<[string, Uint8Array, string]>([
    ['DSA', wireString('ssh-dss'), 'unsupported-key'],
    ['a certificate', wireString('ssh-ed25519-cert-v01@openssh.com'), 'unsupported-key'],
    [
      'an Ed25519 key of 31 bytes',
      joinBytes([wireString('ssh-ed25519'), wireString(new Uint8Array(31))]),
      'malformed-key',
    ],
    ['a point of another curve', ecdsa('nistp384', point(4, 64)), 'malformed-key'],
    ['a compressed point', ecdsa('nistp256', point(2, 32)), 'malformed-key'],
    ['a point with another first byte', ecdsa('nistp256', point(6, 64)), 'malformed-key'],
    ['a short point', ecdsa('nistp256', point(4, 63)), 'malformed-key'],
    ['RSA of 2,040 bits', rsa(usual, modulus(2040)), 'weak-rsa-key'],
    ['RSA of 2,047 bits', rsa(usual, new Uint8Array(256).fill(0x7f)), 'weak-rsa-key'],
    ['RSA of 16,392 bits', rsa(usual, modulus(16_392)), 'weak-rsa-key'],
    ['RSA with exponent 1', rsa(Uint8Array.of(1), modulus(2048)), 'weak-rsa-key'],
    ['RSA with an even exponent', rsa(Uint8Array.of(4), modulus(2048)), 'weak-rsa-key'],
    ['RSA with a vast exponent', rsa(new Uint8Array(9).fill(1), modulus(2048)), 'weak-rsa-key'],
    ['a negative modulus', rsa(usual, new Uint8Array(256).fill(0x80)), 'malformed-key'],
    [
      'a modulus with leading zeros',
      rsa(usual, joinBytes([new Uint8Array(2), modulus(2048)])),
      'malformed-key',
    ],
  ])('%s is refused', (_, blob, refusal) => {
    expect(parsePublicKey(blob)).toBe(refusal);
  });

  it('may be RSA of 2,048 bits with exponent 3', () => {
    expect(parsePublicKey(rsa(Uint8Array.of(3), modulus(2048)))).toMatchObject({ kind: 'ssh-rsa' });
  });
});
