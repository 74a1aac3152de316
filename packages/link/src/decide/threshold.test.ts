import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bestThreshold } from './threshold.js';

describe('bestThreshold', () => {
  it('has the greatest expected F1 of all thresholds', () => {
    const some = fc.array(fc.double({ min: 0.31, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(some, fc.nat({ max: 40 }), (values, missed) => {
        const matches = values.reduce((sum, value) => sum + value, missed);
        const found = bestThreshold(Float64Array.from(values), matches);
        const f1 = (least: number) => {
          const links = values.filter((value) => value >= least);
          return (2 * links.reduce((sum, value) => sum + value, 0)) / (links.length + matches);
        };
        expect(f1(found.threshold)).toBeCloseTo(Math.max(...values.map(f1)), 9);
      }),
    );
  });

  it('links nothing where nothing is likely', () => {
    expect(bestThreshold(Float64Array.of(0.1, 0.2), 1)).toMatchObject({ links: 0, precision: 1, recall: 0 });
  });
});
