import { generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  type AllowedSigner,
  formatSshSignature,
  parseAllowedSigners,
  parsePublicKey,
  parseSigningKey,
  parseSshSignature,
  type SshSignature,
  signSsh,
  verifySshSignature,
} from '@throughline/agreement';
import { safeName } from '@throughline/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { primitives } from './primitives.js';

const folder = new URL('../../../../fixtures/vectors/sshsig/', import.meta.url);
const textOf = (name: string) => readFileSync(new URL(name, folder), 'utf8');
const bytesOf = (name: string) => Uint8Array.from(readFileSync(new URL(name, folder)));
const signersOf = (name: string) =>
  parseAllowedSigners({ file: safeName('allowed_signers'), text: textOf(name) });

const allowed = signersOf('ssh-keygen/allowed_signers');
const message = bytesOf('ssh-keygen/message.txt');
const AT = Date.UTC(2026, 5, 16) / 1000;
const question = { namespace: 'throughline', at: AT };

const verify = (
  armored: string,
  changed: { message?: Uint8Array; allowed?: readonly AllowedSigner[] } = {},
) => verifySshSignature(primitives, { message, armored, allowed, ...changed }, question);

const concat = (...parts: readonly Uint8Array[]) => Uint8Array.from(Buffer.concat(parts));
const uint32 = (value: number) =>
  Uint8Array.of(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
const utf8 = (text: string) => new TextEncoder().encode(text);
const field = (value: Uint8Array | string) => {
  const bytes = typeof value === 'string' ? utf8(value) : value;
  return concat(uint32(bytes.length), bytes);
};
const parsed = (armored: string) => parseSshSignature(armored) as SshSignature;

/** An armored signature with some of its fields replaced. */
const changed = (name: string, fields: Partial<SshSignature>) =>
  formatSshSignature({ ...parsed(textOf(`ssh-keygen/${name}`)), ...fields });

describe('signatures of ssh-keygen', () => {
  it.each([
    ['ed25519.sig', 'ed25519', 'ssh-ed25519', 'SHA256:wm6WIaFrxq1otrKJ6fJ1US4JjGse8wizn/bXjsvMqiQ'],
    ['ed25519-sha256.sig', 'ed25519', 'ssh-ed25519', 'SHA256:wm6WIaFrxq1otrKJ6fJ1US4JjGse8wizn/bXjsvMqiQ'],
    ['ecdsa256.sig', 'ecdsa256', 'ecdsa-sha2-nistp256', 'SHA256:wB1+A6EvkR6SE1iBi6pOCsZlAREWoJqePqQBg6+9xwg'],
    ['ecdsa384.sig', 'ecdsa384', 'ecdsa-sha2-nistp384', 'SHA256:wEzHbJuu4NwW0tApPum+ZE9w81q0UvHU+4stAmjoTqo'],
    ['ecdsa521.sig', 'ecdsa521', 'ecdsa-sha2-nistp521', 'SHA256:A06ax8ZpyKCxCJrLVHbBLt8/KlrtTRhR6DPqAaAiP4o'],
    ['rsa3072.sig', 'rsa3072', 'ssh-rsa', 'SHA256:sheqKdO+RmiPa4b333mXXUdWZ3CuqemS3Jqwy6eoyTQ'],
    ['rsa3072-sha256.sig', 'rsa3072', 'ssh-rsa', 'SHA256:sheqKdO+RmiPa4b333mXXUdWZ3CuqemS3Jqwy6eoyTQ'],
  ])('%s', (name, principal, kind, fingerprint) => {
    const armored = textOf(`ssh-keygen/${name}`);
    const signer = { principal: `${principal}@partner.example`, kind, fingerprint };
    expect(verify(armored)).toEqual({ signer });
    expect(verify(armored, { message: concat(message, utf8(' ')) })).toEqual({ refusal: 'bad-signature' });
    expect(verify(armored, { message: new Uint8Array() })).toEqual({ refusal: 'bad-signature' });
  });

  it('of another namespace are refused, also when the name is exchanged', () => {
    expect(verify(textOf('ssh-keygen/ed25519-namespace-file.sig'))).toEqual({ refusal: 'wrong-namespace' });
    const renamed = changed('ed25519-namespace-file.sig', { namespace: 'throughline' });
    expect(verify(renamed)).toEqual({ refusal: 'bad-signature' });
  });

  it('with the other hash are refused', () => {
    expect(verify(changed('ed25519.sig', { hash: 'sha256' }))).toEqual({ refusal: 'bad-signature' });
    expect(verify(changed('ed25519-sha256.sig', { hash: 'sha512' }))).toEqual({ refusal: 'bad-signature' });
  });

  it('with another allowed key put in are refused', () => {
    const { publicKey } = parsed(textOf('ssh-keygen/ecdsa256.sig'));
    expect(verify(changed('ed25519.sig', { publicKey }))).toEqual({ refusal: 'unsupported-algorithm' });
    const { signature } = parsed(textOf('ssh-keygen/ed25519-sha256.sig'));
    expect(verify(changed('ed25519.sig', { signature }))).toEqual({ refusal: 'bad-signature' });
  });

  it('by 1,024 bits of RSA are refused', () => {
    expect(verify(textOf('ssh-keygen/rsa1024.sig'))).toEqual({ refusal: 'weak-rsa-key' });
  });

  it('are refused with any bit of the blob flipped', () => {
    const armored = textOf('ssh-keygen/ecdsa256.sig');
    const blob = Buffer.from(armored.split('\n').slice(1, -2).join(''), 'base64');
    fc.assert(
      fc.property(fc.nat(blob.length * 8 - 1), (bit) => {
        const flipped = Buffer.from(blob);
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const lines = flipped.toString('base64').match(/.{1,70}/g) ?? [];
        const text = ['-----BEGIN SSH SIGNATURE-----', ...lines, '-----END SSH SIGNATURE-----\n'].join('\n');
        expect(verify(text)).toHaveProperty('refusal');
      }),
      { numRuns: 400 },
    );
  });
});

describe('who may sign', () => {
  const armored = textOf('ssh-keygen/ed25519.sig');
  const line = allowed.filter(({ principal }) => principal.startsWith('ed25519'));
  const under = (terms: Partial<AllowedSigner>) =>
    verify(armored, { allowed: line.map((each) => ({ ...each, ...terms })) });

  it('is whom the file lists', () => {
    expect(under({})).toHaveProperty('signer');
    expect(verify(armored, { allowed: [] })).toEqual({ refusal: 'unknown-key' });
    expect(verify(armored, { allowed: allowed.filter((each) => !line.includes(each)) })).toEqual({
      refusal: 'unknown-key',
    });
  });

  it('signs in the namespaces listed', () => {
    expect(under({ namespaces: ['git', 'throughline'] })).toHaveProperty('signer');
    expect(under({ namespaces: ['git'] })).toEqual({ refusal: 'namespace-not-allowed' });
    expect(under({ namespaces: ['Throughline'] })).toEqual({ refusal: 'namespace-not-allowed' });
  });

  it('signs from the first second to the last', () => {
    expect(under({ validAfter: AT, validBefore: AT })).toHaveProperty('signer');
    expect(under({ validAfter: AT + 1 })).toEqual({ refusal: 'not-yet-valid' });
    expect(under({ validBefore: AT - 1 })).toEqual({ refusal: 'expired' });
    const ask = { namespace: 'throughline', at: Number.NaN };
    expect(verifySshSignature(primitives, { message, armored, allowed: line }, ask)).toHaveProperty(
      'refusal',
    );
  });

  it('is found on any of the lines of the key', () => {
    const [entry] = line;
    if (entry === undefined) throw new Error('a line expected');
    const lines = [
      { ...entry, validBefore: AT - 1 },
      { ...entry, validAfter: AT },
    ];
    expect(verify(armored, { allowed: lines })).toHaveProperty('signer');
    expect(verify(armored, { allowed: lines.slice(0, 1) })).toEqual({ refusal: 'expired' });
  });

  it('is one person, however many copies of a signature there are', () => {
    const signers = [armored, textOf('ssh-keygen/ed25519-sha256.sig')].map((each) => verify(each));
    const principals = signers.map((each) => ('signer' in each ? each.signer.principal : undefined));
    expect(new Set(principals).size).toBe(1);
  });
});

describe('signing', () => {
  const key = parseSigningKey(textOf('ssh-keygen/TEST-KEY-NOT-SECRET-ed25519'));

  it('gives the bytes that ssh-keygen gives', () => {
    expect(signSsh(primitives, message, { key, namespace: 'throughline' })).toBe(
      textOf('ssh-keygen/ed25519.sig'),
    );
    expect(signSsh(primitives, message, { key, namespace: 'file' })).toBe(
      textOf('ssh-keygen/ed25519-namespace-file.sig'),
    );
    expect(() => signSsh(primitives, message, { key, namespace: '' })).toThrow(RangeError);
  });
});

describe('RSA', () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  const blob = concat(
    field('ssh-rsa'),
    field(Buffer.from(e, 'base64url')),
    field(concat(Uint8Array.of(0), Buffer.from(n, 'base64url'))),
  );
  const key = parsePublicKey(blob);
  if (typeof key === 'string') throw new Error('a key expected');
  const entry: AllowedSigner = { principal: 'ann@district.example', key };
  const toSign = (text: Uint8Array) =>
    concat(utf8('SSHSIG'), field('throughline'), field(''), field('sha512'), field(primitives.sha512(text)));
  const armor = (algorithm: string, bytes: Uint8Array) =>
    formatSshSignature({
      publicKey: blob,
      namespace: 'throughline',
      hash: 'sha512',
      signature: concat(field(algorithm), field(bytes)),
    });
  const ask = (armored: string, text = message) => verify(armored, { allowed: [entry], message: text });

  it('with SHA-2 is accepted, with SHA-1 refused under either name', () => {
    expect(ask(armor('rsa-sha2-512', sign('sha512', toSign(message), privateKey)))).toHaveProperty('signer');
    expect(ask(armor('rsa-sha2-256', sign('sha256', toSign(message), privateKey)))).toHaveProperty('signer');
    const sha1 = sign('sha1', toSign(message), privateKey);
    expect(ask(armor('ssh-rsa', sha1))).toEqual({ refusal: 'unsupported-algorithm' });
    expect(ask(armor('rsa-sha2-256', sha1))).toEqual({ refusal: 'bad-signature' });
  });

  it('is accepted without the leading zeros that some agents drop, but not with more bytes', () => {
    const found = Array.from({ length: 4000 }, (_, index) => utf8(`message ${index}`)).find(
      (text) => sign('sha512', toSign(text), privateKey)[0] === 0,
    );
    if (found === undefined) throw new Error('one signature in 256 begins with a zero');
    const signature = sign('sha512', toSign(found), privateKey);
    expect(ask(armor('rsa-sha2-512', signature), found)).toHaveProperty('signer');
    expect(ask(armor('rsa-sha2-512', signature.subarray(1)), found)).toHaveProperty('signer');
    const longer = concat(Uint8Array.of(0), signature);
    expect(ask(armor('rsa-sha2-512', longer), found)).toEqual({ refusal: 'malformed-signature' });
  });
});

describe('security keys of OpenSSH’s own tests', () => {
  const signed = {
    message: bytesOf('openssh/signed-data.txt'),
    allowed: signersOf('openssh/allowed_signers'),
  };
  const ask = (name: string) =>
    verifySshSignature(
      primitives,
      { ...signed, armored: textOf(`openssh/${name}`) },
      { namespace: 'unittest', at: AT },
    );

  it.each([
    ['ed25519_sk.sig', 'sk-ssh-ed25519@openssh.com', 'SHA256:pbI9wlyrFSsUbp+GTiIAOqNMvoajbF2tHsPMECyrMYU'],
    [
      'ecdsa_sk.sig',
      'sk-ecdsa-sha2-nistp256@openssh.com',
      'SHA256:/ALxJUlmDPE0gxeL1nZip4oXm1VG1qmR2xL5iUzZD1A',
    ],
  ])('%s', (name, kind, fingerprint) => {
    expect(ask(name)).toMatchObject({ signer: { kind, fingerprint } });
  });

  it('WebAuthn signatures are refused', () => {
    expect(ask('ecdsa_sk_webauthn.sig')).toEqual({ refusal: 'unsupported-algorithm' });
  });
});

/** A security key after PROTOCOL.u2f: what it signs, and how a test may make it lie. */
type Touch = { readonly flags: number; readonly counter: number; readonly application: string };
const touched: Touch = { flags: 0x01, counter: 7, application: 'ssh:' };

const makers = {
  'sk-ssh-ed25519@openssh.com': () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const { x = '' } = publicKey.export({ format: 'jwk' });
    return {
      parts: field(Buffer.from(x, 'base64url')),
      sign: (blob: Uint8Array) => Uint8Array.from(sign(null, blob, privateKey)),
    };
  },
  'sk-ecdsa-sha2-nistp256@openssh.com': () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
    const point = concat(Uint8Array.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url'));
    return {
      parts: concat(field('nistp256'), field(point)),
      sign: (blob: Uint8Array) => {
        const flat = sign('sha256', blob, { key: privateKey, dsaEncoding: 'ieee-p1363' });
        return concat(mpint(flat.subarray(0, 32)), mpint(flat.subarray(32)));
      },
    };
  },
} as const;

function mpint(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0);
  const minimal = bytes.subarray(first);
  return field((minimal[0] ?? 0) >= 0x80 ? concat(Uint8Array.of(0), minimal) : minimal);
}

describe.each(Object.entries(makers))('a signature of %s', (kind, make) => {
  const { parts, sign: signWith } = make();
  const publicKey = concat(field(kind), parts, field('ssh:'));
  const key = parsePublicKey(publicKey);
  if (typeof key === 'string') throw new Error('a key expected');
  const entry: AllowedSigner = { principal: 'ann@district.example', key };
  const toSign = concat(
    utf8('SSHSIG'),
    field('throughline'),
    field(''),
    field('sha256'),
    field(primitives.sha256(message)),
  );

  const ask = (signed: Touch, stated: Touch = signed, behind = new Uint8Array()) => {
    const blob = concat(
      primitives.sha256(utf8(signed.application)),
      Uint8Array.of(signed.flags),
      uint32(signed.counter),
      primitives.sha256(toSign),
    );
    const signature = concat(
      field(kind),
      field(signWith(blob)),
      Uint8Array.of(stated.flags),
      uint32(stated.counter),
      behind,
    );
    const armored = formatSshSignature({ publicKey, namespace: 'throughline', hash: 'sha256', signature });
    return verify(armored, { allowed: [entry] });
  };

  it('counts with a touch, with or without a PIN', () => {
    expect(ask(touched)).toMatchObject({ signer: { principal: 'ann@district.example', kind } });
    expect(ask({ ...touched, flags: 0x05, counter: 0xffffffff })).toHaveProperty('signer');
  });

  it('does not count without a touch, nor when the touch is only stated', () => {
    expect(ask({ ...touched, flags: 0x00 })).toEqual({ refusal: 'no-user-presence' });
    expect(ask({ ...touched, flags: 0x04 })).toEqual({ refusal: 'no-user-presence' });
    expect(ask({ ...touched, flags: 0x00 }, touched)).toEqual({ refusal: 'bad-signature' });
  });

  it('covers counter and application', () => {
    expect(ask(touched, { ...touched, counter: 8 })).toEqual({ refusal: 'bad-signature' });
    expect(ask({ ...touched, application: 'ssh:other' })).toEqual({ refusal: 'bad-signature' });
  });

  it('has nothing behind it', () => {
    expect(ask(touched, touched, Uint8Array.of(0))).toEqual({ refusal: 'malformed-signature' });
  });

  it('is none without flags and counter', () => {
    const signature = concat(field(kind), field(signWith(toSign)));
    const armored = formatSshSignature({ publicKey, namespace: 'throughline', hash: 'sha256', signature });
    expect(verify(armored, { allowed: [entry] })).toEqual({ refusal: 'malformed-signature' });
  });
});
