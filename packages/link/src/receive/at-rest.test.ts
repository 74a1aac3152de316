import { slotLayout, slotLevelsOf } from '@throughline/core';
import { freshKey, type SecretKey } from '@throughline/engine';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { md5 } from '../fixture/children.fixture.js';
import { type Kept, slotsAtRest, tokensAtRest } from './at-rest.js';

const secret = (bytes: Uint8Array): SecretKey => ({ bytes, erase: () => undefined });
const kept: Kept = {
  key: secret(new Uint8Array(32).map((_, at) => 7 * at)),
  agreement: 'emou',
  epoch: '2026-1',
};
const tokens = Array.from({ length: 300 }, (_, at) => md5(`token ${at}`));
const plain = (uuids: readonly string[]) => uuids.map((uuid) => uuid.replaceAll('-', ''));

describe('tokensAtRest', () => {
  it('keeps equal tokens equal and different ones different, and keeps none as it came', () => {
    const once = tokensAtRest(kept, 'rule');
    const resting = plain(once(tokens));
    expect(plain(once(tokens))).toEqual(resting);
    expect(new Set([...resting, ...tokens]).size).toBe(600);
  });

  it.each<[string, Kept, string]>([
    ['rule', kept, 'another'],
    ['epoch', { ...kept, epoch: '2026-2' }, 'rule'],
    ['agreement', { ...kept, agreement: 'other' }, 'rule'],
    ['key', { ...kept, key: secret(freshKey()) }, 'rule'],
  ])('gives others under another %s', (_, other, rule) => {
    const one = new Set(tokensAtRest(kept, 'rule')(tokens));
    expect(tokensAtRest(other, rule)(tokens).filter((token) => one.has(token))).toEqual([]);
  });
});

describe('slotsAtRest', () => {
  const layout = slotLayout({ similar: ['first', 'last'], exact: ['sex', 'zip', 'day'] });
  const passes = ['one', 'two'];
  const row = passes.length * layout.width;
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
  const rows = fc.tuple(bytes(row), bytes(row), fc.boolean(), fc.nat(30));

  it('leaves what two slots of one token say, and nothing else as it was', () => {
    fc.assert(
      fc.property(rows, ([a, b, alike, flips]) => {
        if (alike) b.set(a.subarray(0, layout.width));
        for (let flip = 0; flip < flips; flip += 1) b[16 + 3 * flip] = (b[16 + 3 * flip] ?? 0) ^ 1;
        const before = slotLevelsOf(layout, { bytes: a, at: 0 }, { bytes: b, at: 0 });
        const both = Uint8Array.from([...a, ...b]);
        slotsAtRest(kept, { passes, width: layout.width })(both);
        const [one, other] = [
          { bytes: both, at: 0 },
          { bytes: both, at: row },
        ];
        if (alike) expect(slotLevelsOf(layout, one, other)).toEqual(before);
        expect(Buffer.from(both.subarray(0, 16)).equals(a.subarray(0, 16))).toBe(false);
        const kind = Buffer.from(both.subarray(16, layout.width));
        expect(kind.equals(a.subarray(16, layout.width))).toBe(false);
      }),
    );
  });

  it('masks slots of different tokens apart: what is the same in both is not any more', () => {
    const [a, b] = [new Uint8Array(row).fill(1), new Uint8Array(row).fill(1)];
    b[0] = 2;
    const both = Uint8Array.from([...a, ...b]);
    slotsAtRest(kept, { passes, width: layout.width })(both);
    const same = [...both.subarray(16, layout.width)].filter(
      (byte, at) => byte === both[row + 16 + at],
    ).length;
    expect(same).toBeLessThan(6);
    const [first, second] = [both.subarray(0, layout.width), both.subarray(layout.width, row)];
    expect(Buffer.from(first).equals(second)).toBe(false);
  });

  it('keeps a row in its place, however many come together', () => {
    const many = Uint8Array.from({ length: 20 * row }, (_, at) => (at * 31) & 255);
    const [together, alone] = [many.slice(), many.slice(13 * row, 14 * row)];
    const atRest = slotsAtRest(kept, { passes, width: layout.width });
    atRest(together);
    atRest(alone);
    expect(together.slice(13 * row, 14 * row)).toEqual(alone);
  });
});
