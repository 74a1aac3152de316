import { describe, expect, it } from 'vitest';
import { type ModelLevel, waterfallOf } from './waterfall.js';

const level = (position: number, comparison: string, place: number, weight: number): ModelLevel => ({
  position,
  comparison,
  place,
  level: `level ${place}`,
  m: 2 ** weight / 10,
  u: 0.1,
  weight,
});
const MODEL = [
  level(0, 'first', 0, 8),
  level(0, 'first', 1, -5),
  level(1, 'birth', 0, 14),
  level(2, 'sex', 0, 1),
];

describe('waterfallOf', () => {
  it('adds up to the odds, and leaves out what is missing', () => {
    const pair = { pass: 'p', levels: '10-', weight: 8.5, probability: 0.8, verdict: 'possible' };
    const steps = waterfallOf(pair, MODEL);
    expect(steps.map(({ name, bits }) => [name, Math.round(bits * 100) / 100])).toEqual([
      ['first', -5],
      ['birth', 14],
      ['siblings and twins', -0.5],
      ['prior and rivals', -6.5],
    ]);
    expect(steps.reduce((sum, { bits }) => sum + bits, 0)).toBeCloseTo(2);
  });

  it('stays finite where a probability is one or nothing', () => {
    for (const probability of [0, 1]) {
      const steps = waterfallOf({ pass: 'p', levels: '0', weight: 8, probability, verdict: 'linked' }, MODEL);
      expect(steps.every(({ bits }) => Number.isFinite(bits))).toBe(true);
    }
  });
});
