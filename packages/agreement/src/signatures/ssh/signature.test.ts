import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinBytes } from '../../proofs/bytes.js';
import { armor, dearmor } from './armor.js';
import { formatSshSignature, parseSshSignature, type SshSignature } from './signature.js';
import { wireString, wireUint32 } from './wire.js';

const folder = new URL('../../../../../fixtures/vectors/sshsig/ssh-keygen/', import.meta.url);
const signatures = readdirSync(folder).filter((name) => name.endsWith('.sig'));
const textOf = (name: string) => readFileSync(new URL(name, folder), 'utf8');
const sample = textOf('ed25519.sig');

describe('an armored signature', () => {
  it.each(signatures)('%s reads back byte for byte', (name) => {
    const parsed = parseSshSignature(textOf(name));
    expect(parsed).toMatchObject({ namespace: name.includes('namespace-file') ? 'file' : 'throughline' });
    expect(formatSshSignature(parsed as SshSignature)).toBe(textOf(name));
  });

  it.each<[string, (text: string) => string, string]>([
    ['something before it', (text) => ` ${text}`, 'not-armored'],
    ['something after it', (text) => `${text}\n`, 'not-armored'],
    ['a second signature after it', (text) => text + text, 'not-base64'],
    ['no footer', (text) => text.replace(/-----END.*/, ''), 'not-armored'],
    [
      'the footer of a key',
      (text) => text.replace('END SSH SIGNATURE', 'END OPENSSH PRIVATE KEY'),
      'not-armored',
    ],
    ['carriage returns', (text) => text.replaceAll('\n', '\r\n'), 'not-armored'],
    ['nothing between', (text) => text.replace(/-\n[^-]+\n-/, '-\n-'), 'not-armored'],
    ['an empty line', (text) => text.replace('-\nU', '-\n\nU'), 'not-base64'],
    ['a space', (text) => text.replace('U1NI', 'U1NI '), 'not-base64'],
    ['Base64 of another alphabet', (text) => text.replace('U1NIU0', 'U1N_U0'), 'not-base64'],
    ['one long line', (text) => text.replaceAll(/([^-])\n([^-])/g, '$1$2'), 'not-base64'],
    ['more than any signature', (text) => text.repeat(60), 'too-long'],
  ])('with %s is refused', (_, change, refusal) => {
    expect(parseSshSignature(change(sample))).toBe(refusal);
  });

  it('may have lines of 76, as the format recommends', () => {
    const lines =
      sample
        .split('\n')
        .slice(1, -2)
        .join('')
        .match(/.{1,76}/g) ?? [];
    const text = `-----BEGIN SSH SIGNATURE-----\n${lines.join('\n')}\n-----END SSH SIGNATURE-----`;
    expect(parseSshSignature(text)).toEqual(parseSshSignature(sample));
  });

  it('has no form that reads otherwise than it is written', () => {
    fc.assert(
      fc.property(fc.nat(sample.length - 1), fc.stringMatching(/^[\x20-\x7e\n]$/), (at, character) => {
        const text = sample.slice(0, at) + character + sample.slice(at + 1);
        const parsed = parseSshSignature(text);
        if (typeof parsed === 'string') return;
        expect(formatSshSignature(parsed).replaceAll('\n', '')).toBe(text.replaceAll('\n', ''));
      }),
      { numRuns: 400 },
    );
  });
});

/** A blob's fields, each of which a test may replace. */
const fields = {
  magic: new TextEncoder().encode('SSHSIG'),
  version: wireUint32(1),
  publicKey: wireString('key'),
  namespace: wireString('throughline'),
  reserved: wireString(''),
  hash: wireString('sha512'),
  signature: wireString('signature'),
  behind: new Uint8Array(),
};
const written = (changed: Partial<typeof fields>) =>
  armor('SSH SIGNATURE', joinBytes(Object.values({ ...fields, ...changed })));

describe('a signature’s blob', () => {
  it('is read field by field', () => {
    expect(parseSshSignature(written({}))).toMatchObject({ namespace: 'throughline', hash: 'sha512' });
    expect(parseSshSignature(written({ hash: wireString('sha256') }))).toMatchObject({ hash: 'sha256' });
  });

  it.each<[string, Partial<typeof fields>, string]>([
    ['another magic', { magic: new TextEncoder().encode('SSHSIH') }, 'malformed'],
    ['version 0', { version: wireUint32(0) }, 'unsupported-version'],
    ['version 2', { version: wireUint32(2) }, 'unsupported-version'],
    ['an empty namespace', { namespace: wireString('') }, 'malformed'],
    ['a namespace with a NUL', { namespace: wireString('throughline\0') }, 'malformed'],
    ['something reserved', { reserved: wireString('x') }, 'reserved-field-used'],
    ['SHA-1', { hash: wireString('sha1') }, 'unsupported-hash'],
    ['SHA-384', { hash: wireString('sha384') }, 'unsupported-hash'],
    ['no hash', { hash: wireString('') }, 'unsupported-hash'],
    ['bytes behind it', { behind: Uint8Array.of(0) }, 'malformed'],
    ['a length beyond its end', { signature: wireUint32(0xffffffff) }, 'malformed'],
    [
      'a length of one too many',
      { signature: joinBytes([wireUint32(4), Uint8Array.of(1, 2, 3)]) },
      'malformed',
    ],
    ['a field missing', { signature: new Uint8Array() }, 'malformed'],
  ])('with %s is refused', (_, changed, refusal) => {
    expect(parseSshSignature(written(changed))).toBe(refusal);
  });

  it('is refused when it is cut anywhere', () => {
    const blob = dearmor('SSH SIGNATURE', sample) as Uint8Array;
    for (let length = 1; length < blob.length; length += 1) {
      expect(parseSshSignature(armor('SSH SIGNATURE', blob.slice(0, length)))).toBeTypeOf('string');
    }
  });
});
