import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lengthValue } from './lv.js';

const text = fc.string({ unit: 'binary' });
const lists = fc.array(text, { maxLength: 5 });

/** Reads an encoding back; that this is possible shows that no two lists share one. */
function decoded(bytes: Uint8Array): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: string[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    const length = view.getUint16(offset);
    const part = bytes.subarray(offset + 2, offset + 2 + length);
    parts.push(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(part));
    offset += 2 + length;
  }
  return parts;
}

describe('lengthValue', () => {
  it('is injective: every list can be read back', () => {
    fc.assert(
      fc.property(lists, (parts) => {
        expect(decoded(lengthValue(parts))).toEqual(parts);
      }),
    );
  });

  it('tells lists apart that look alike when joined', () => {
    const lists = [
      ['ab', 'c'],
      ['a', 'bc'],
      ['abc'],
      ['abc', ''],
      ['', 'abc'],
      [],
      [''],
      ['', ''],
      ['\0\u0001a'],
    ];
    const encodings = lists.map((parts) => Buffer.from(lengthValue(parts)).toString('hex'));
    expect(new Set(encodings).size).toBe(lists.length);
  });

  it('writes the length in bytes, big-endian, before the bytes', () => {
    expect([...lengthValue(['é', 'a'.repeat(258)])].slice(0, 7)).toEqual([0, 2, 0xc3, 0xa9, 1, 2, 0x61]);
  });

  it('takes 65,535 bytes a part and no more, counting bytes and not characters', () => {
    expect(lengthValue(['a'.repeat(65_535)])).toHaveLength(65_537);
    expect(() => lengthValue(['a'.repeat(65_536)])).toThrow(RangeError);
    expect(() => lengthValue(['é'.repeat(32_768)])).toThrow(RangeError);
  });

  it('refuses lone surrogates, which would all become U+FFFD, and repeats nothing of them', () => {
    const canary = 'Zzqcanary';
    for (const part of [`${canary}\ud800`, `\udfff${canary}`]) {
      expect(() => lengthValue(['x', part])).toThrow(RangeError);
      expect(() => lengthValue(['x', part])).not.toThrow(canary);
    }
    expect(() => lengthValue(['\u{1f600}\ufffd'])).not.toThrow();
  });
});
