import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { percentOf } from './percent.js';

const wholes = fc.integer({ min: 1, max: 1_000_000 });
const shares = wholes.chain((whole) => fc.tuple(fc.integer({ min: 0, max: whole }), fc.constant(whole)));

describe('percentOf', () => {
  it('rounds half up', () => {
    expect(percentOf(1, 200, 0)).toBe('1');
    expect(percentOf(5, 1000, 1)).toBe('0.5');
    expect(percentOf(18, 180, 0)).toBe('10');
  });

  it('never says none or all of what is not', () => {
    expect(percentOf(1, 1000, 0)).toBe('<1');
    expect(percentOf(999, 1000, 0)).toBe('>99');
    expect(percentOf(1, 10_000, 1)).toBe('<0.1');
    expect(percentOf(0, 7, 0)).toBe('0');
    expect(percentOf(7, 7, 1)).toBe('100.0');
  });

  it('is within half a step of the exact share', () => {
    fc.assert(
      fc.property(shares, fc.constantFrom(0, 1), ([part, whole], decimals) => {
        const said = percentOf(part, whole, decimals);
        const step = decimals === 0 ? 1 : 0.1;
        const exact = (100 * part) / whole;
        if (said.startsWith('<')) expect(exact).toBeLessThan(step);
        else if (said.startsWith('>')) expect(exact).toBeGreaterThan(100 - step);
        else expect(Math.abs(Number(said) - exact)).toBeLessThanOrEqual(step / 2 + 1e-9);
      }),
    );
  });
});
