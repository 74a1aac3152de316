import { readFileSync } from 'node:fs';
import { safeName, ThroughlineError } from '@throughline/core';
import { describe, expect, it } from 'vitest';
import { parseAllowedSigners } from './allowed-signers.js';

const folder = new URL('../../../../../fixtures/vectors/sshsig/', import.meta.url);
const textOf = (name: string) => readFileSync(new URL(name, folder), 'utf8');
const file = safeName('allowed_signers');
const lines = textOf('ssh-keygen/allowed_signers').trim().split('\n');
const keyOf = (kind: string) =>
  lines
    .find((line) => line.includes(` ${kind} `))
    ?.split(' ')
    .slice(1)
    .join(' ') ?? '';
const key = keyOf('ssh-ed25519');
const other = keyOf('ecdsa-sha2-nistp256');

const parse = (text: string) => parseAllowedSigners({ file, text });

function refusalOf(text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    return error instanceof ThroughlineError ? [error.code, error.details] : error;
  }
}

describe('an allowed_signers file', () => {
  it('names principals and keys', () => {
    expect(
      parse(textOf('ssh-keygen/allowed_signers')).map(({ principal, key }) => [principal, key.kind]),
    ).toEqual(lines.map((line) => line.split(' ').slice(0, 2)));
    expect(parse(textOf('openssh/allowed_signers'))).toHaveLength(3);
  });

  it('may have comments, empty lines, tabs and no newline at the end', () => {
    const text = `# approvers\n\n  \t\n\tann@district.example\t${key}\tAnn, laptop "old"\n # more\nbob@clinic.example ${other}`;
    expect(parse(text).map(({ principal }) => principal)).toEqual([
      'ann@district.example',
      'bob@clinic.example',
    ]);
  });

  it('reads the options of OpenSSH', () => {
    const options = 'Namespaces="throughline,git",valid-after="20260101Z",VALID-BEFORE="202612312359Z"';
    expect(parse(`ann@district.example ${options} ${key}`)).toMatchObject([
      {
        namespaces: ['throughline', 'git'],
        validAfter: Date.UTC(2026, 0, 1) / 1000,
        validBefore: Date.UTC(2026, 11, 31, 23, 59) / 1000,
      },
    ]);
    expect(Object.keys(parse(`ann@district.example ${key}`)[0] ?? {})).toEqual(['principal', 'key']);
  });

  it('may list a person with several keys, and a key again for the same person', () => {
    const text = `ann@x valid-before="20260101Z" ${key}\nann@x valid-after="20260601Z" ${key}\nann@x ${other}\n`;
    expect(parse(text)).toHaveLength(3);
  });

  it.each([
    ['several principals', `ann@x,bob@x ${key}`, 'one principal, without patterns'],
    ['any principal', `* ${key}`, 'one principal, without patterns'],
    ['a pattern', `*@district.example ${key}`, 'one principal, without patterns'],
    ['a negation', `!ann@x ${key}`, 'one principal, without patterns'],
    ['a certificate authority', `ann@x cert-authority ${key}`, 'no certificate authorities'],
    [
      'a certificate authority among options',
      `ann@x namespaces="a",CERT-AUTHORITY ${key}`,
      'no certificate authorities',
    ],
    ['an unknown option', `ann@x no-touch-required ${key}`, 'namespaces, valid-after and valid-before only'],
    ['an option twice', `ann@x namespaces="a",namespaces="b" ${key}`, 'each option once'],
    ['a namespace pattern', `ann@x namespaces="through*" ${key}`, 'namespaces by name, without patterns'],
    ['no namespace', `ann@x namespaces="" ${key}`, 'namespaces by name, without patterns'],
    ['a local time', `ann@x valid-after="20260101" ${key}`, 'a time as YYYYMMDDZ or YYYYMMDDHHMM[SS]Z'],
    [
      'a time that is none',
      `ann@x valid-before="20260230Z" ${key}`,
      'a time as YYYYMMDDZ or YYYYMMDDHHMM[SS]Z',
    ],
    [
      'an end before the start',
      `ann@x valid-after="20260102Z",valid-before="20260101Z" ${key}`,
      'valid-after before valid-before',
    ],
    [
      'another kind than the key',
      `ann@x ${key.replace('ssh-ed25519 ', 'ssh-rsa ')}`,
      'a key of the kind named',
    ],
    ['a key under two principals', `ann@x ${key}\nbob@x ${key}`, 'a key of one principal only'],
    ['a weak key', textOf('ssh-keygen/allowed_signers-rsa1024'), 'weak-rsa-key'],
    ['a cut key', `ann@x ${key.slice(0, -8)}`, 'malformed-key'],
    ['Base64 in another form', `ann@x ${key}=`, 'not-base64'],
    ['no principal', key, 'principal, options, kind of key and key, with spaces between them'],
    [
      'carriage returns',
      `ann@x ${key}\r`,
      'principal, options, kind of key and key, with spaces between them',
    ],
    [
      'an open quote',
      `ann@x namespaces="a ${key}`,
      'principal, options, kind of key and key, with spaces between them',
    ],
    [
      'a private key',
      '-----BEGIN OPENSSH PRIVATE KEY-----',
      'principal, options, kind of key and key, with spaces between them',
    ],
  ])('with %s is refused', (_, text, rule) => {
    const place = `allowed_signers:${text.trimEnd().split('\n').length}`;
    expect(refusalOf(text)).toEqual(['CONFIG_INVALID', { place: safeName(place), rule: safeName(rule) }]);
  });

  it('is no larger than 256 KiB', () => {
    expect(refusalOf('#'.repeat(256 * 1024 + 1))).toEqual([
      'CONFIG_INVALID',
      { place: 'allowed_signers:1', rule: 'at most 262144 characters' },
    ]);
  });
});
