import { describe, expect, it } from 'vitest';
import { levelOf, slotDistance, slotLayout, slotLevelsOf, slotsMeet } from './slots.js';

const layout = slotLayout({ similar: ['first', 'last'], exact: ['sex', 'zip'] });

/** A slot of zeros with some bits set, behind a byte of another slot. */
function slotWith(...bits: number[]) {
  const bytes = new Uint8Array(1 + layout.width);
  for (const bit of bits) bytes[1 + (bit >> 3)] = (bytes[1 + (bit >> 3)] ?? 0) | (1 << (bit & 7));
  return { bytes, at: 1 };
}

const range = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index);
const FIRST = 8 * 16;
const LAST = FIRST + 256;
const SEX = LAST + 256;

describe('slots', () => {
  it('lays a token, the vectors and the codes side by side', () => {
    expect(layout.width).toBe(16 + 2 * 32 + 2 * 4);
  });

  it('meet where all of the token is equal', () => {
    expect(slotsMeet(slotWith(FIRST), slotWith())).toBe(true);
    expect(slotsMeet(slotWith(FIRST - 1), slotWith())).toBe(false);
  });

  it.each([
    [0, 0],
    [1, 1],
    [58, 1],
    [59, 2],
    [82, 2],
    [83, 3],
    [256, 3],
  ])('are at %i bits on level %i', (bits, level) => {
    const other = slotWith(...range(LAST, bits));
    expect(slotDistance(slotWith(), other, 16 + 32)).toBe(bits);
    expect(levelOf(bits)).toBe(level);
    expect([...slotLevelsOf(layout, slotWith(), other)]).toEqual([0, level, 0, 0]);
  });

  it('differ in an exact field by any of its bits', () => {
    expect([...slotLevelsOf(layout, slotWith(), slotWith(SEX + 31))]).toEqual([0, 0, 3, 0]);
    expect([...slotLevelsOf(layout, slotWith(), slotWith(SEX + 32))]).toEqual([0, 0, 0, 3]);
  });
});
