import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { formatNoteKey, noteKey, parseNoteKey } from './key.js';

const sha256 = (bytes: Uint8Array) => Uint8Array.from(createHash('sha256').update(bytes).digest());

// The first two are of C2SP signed-note and of Go's documentation; the others are of public witnesses and logs.
const published = [
  ['example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k', 'ed25519'],
  ['PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW', 'ed25519'],
  ['sigsum.org+e4ade967+AZuUY6B08pW3QVHu8uvsrxWPcAv9nykap2Nb4oxCee+r', 'ed25519'],
  ['remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2', 'cosignature/v1'],
] as const;

describe('a verifier key', () => {
  it.each(published)('%s', (line, kind) => {
    const key = parseNoteKey(sha256, line);
    expect(key).toMatchObject({ name: line.split('+')[0], kind, id: line.split('+')[1] });
    expect(key && formatNoteKey(key)).toBe(line);
  });

  it.each([
    ['another id', 'example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'],
    ['another name', 'example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'],
    ['an id in capitals', 'example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'],
    ['a key of an unknown type', 'example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'],
    ['a short key', 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U0='],
    ['no key', 'example.com/foo+530d903a+'],
    ['nothing', ''],
    ['a space in the name', 'example.com foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'],
    ['a line after it', 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\n'],
  ])('with %s is none', (_, line) => {
    expect(parseNoteKey(sha256, line)).toBeUndefined();
  });

  it('has a name that can stand in a signature line, and 32 bytes', () => {
    const publicKey = new Uint8Array(32);
    for (const name of ['', 'a b', 'a+b', 'a\u2003b', 'a\nb', 'a\u0007', '\ud800']) {
      expect(() => noteKey(sha256, { name, kind: 'ed25519', publicKey })).toThrow(RangeError);
    }
    expect(() => noteKey(sha256, { name: 'a', kind: 'ed25519', publicKey: new Uint8Array(31) })).toThrow(
      RangeError,
    );
  });

  it('differs by kind, so that a cosignature is never a log’s signature', () => {
    const publicKey = new Uint8Array(32);
    const ids = (['ed25519', 'cosignature/v1'] as const).map(
      (kind) => noteKey(sha256, { name: 'a', kind, publicKey }).id,
    );
    expect(new Set(ids).size).toBe(2);
  });
});
