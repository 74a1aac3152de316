import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyedIds } from './keyed-ids.js';

const key = { bytes: Uint8Array.from({ length: 32 }, (_, index) => 0x40 + index), erase: () => undefined };

/** RFC 2104 spelt out over bytes put together by hand. */
function reference(purpose: string, parts: readonly string[]): string {
  const encoded = ['throughline', 'v1', purpose, ...parts].flatMap((part) => {
    const bytes = Buffer.from(part, 'utf8');
    const length = Buffer.alloc(2);
    length.writeUInt16BE(bytes.length);
    return [length, bytes];
  });
  const hex = createHmac('sha256', key.bytes).update(Buffer.concat(encoded)).digest('hex');
  return [0, 8, 12, 16, 20, 32]
    .flatMap((end, index, ends) => (index === 0 ? [] : [hex.slice(ends[index - 1], end)]))
    .join('-');
}

const parts = fc.array(fc.string({ unit: 'binary', maxLength: 12 }), { maxLength: 4 });

describe('keyedIds', () => {
  // Computed with Python's hmac and struct.
  it.each([
    ['record', ['school', '0042'], '6d468df8-09b6-d824-dfb8-481144d6d3e5'],
    ['person', [], '9e513f46-e53f-f3fd-a3a4-22f3ec5a93b4'],
    ['record', ['', 'é', '\0'], '393d7706-0db4-1a6b-e390-e4d3cd5347e9'],
  ])('gives the known id of %s %j', (purpose, known, id) => {
    expect(keyedIds(key, purpose)(...known)).toBe(id);
  });

  it('is HMAC-SHA-256 over the length-value encoding, every time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 12 }), parts, (purpose, some) => {
        const id = keyedIds(key, purpose);
        expect(id(...some)).toBe(reference(purpose, some));
        expect(id(...some)).toBe(id(...some));
      }),
    );
  });

  it('differs by purpose, by parts, by where a part ends, and by key', () => {
    const other = { bytes: key.bytes.map((byte) => byte ^ 1), erase: () => undefined };
    const ids = [
      keyedIds(key, 'record')('a', 'b'),
      keyedIds(key, 'person')('a', 'b'),
      keyedIds(key, 'record')('ab'),
      keyedIds(key, 'record')('a', 'b', ''),
      keyedIds(key, 'record')('b', 'a'),
      keyedIds(key, 'record')(),
      keyedIds(key, 'recorda')('b'),
      keyedIds(other, 'record')('a', 'b'),
    ];
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });
});
