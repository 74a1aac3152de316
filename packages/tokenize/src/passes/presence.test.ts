import type { SlotPart } from '@throughline/agreement';
import { describe, expect, it } from 'vitest';
import { DRAWS, type Survivors } from './error-model.js';
import { presence } from './presence.js';

const SHARES: Partial<Record<SlotPart, number>> = {
  'birth_date.month_day': 0.5,
  birth_date: 0.5,
  first: 0.7,
};
const there = presence((part) => [
  1,
  part.startsWith('birth_date') ? (SHARES[part] ?? 0.8) : (SHARES[part] ?? 1),
]);
const of = (part: SlotPart): Survivors => there.get(part) ?? new Uint32Array();
const count = (bits: Survivors) =>
  bits.reduce((sum, word) => sum + word.toString(2).replaceAll('0', '').length, 0) / DRAWS;

describe('presence', () => {
  it('has each part as often as both files do', () => {
    expect(count(of('birth_date'))).toBeCloseTo(0.5, 1);
    expect(count(of('birth_date.year'))).toBeCloseTo(0.8, 1);
    expect(count(of('sex'))).toBe(1);
    expect(count(presence(() => [0.5, 0.6, 1]).get('zip') ?? new Uint32Array())).toBeCloseTo(0.3, 1);
  });

  it('loses all parts of a field together, and both names where one is missing', () => {
    expect(of('birth_date.month_day')).toEqual(of('birth_date'));
    for (const [at, word] of of('birth_date').entries())
      expect(word & ~(of('birth_date.year')[at] ?? 0)).toBe(0);
    expect(of('names.sorted')).toEqual(of('first'));
  });
});
