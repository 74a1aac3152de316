import { describe, expect, it } from 'vitest';
import type { ReleasedCell } from '../cells/released-cells.js';
import { type ExactComparison, releasedComparisons } from './comparisons.js';

const exact: ExactComparison = {
  ...{ measure: 'm', outcome: 'o', access: 'days', level: '1' },
  ...{ compared: 22, yes: 11, expected: 9.5 },
};
const cell = { measure: 'o', dim_1: 'days', level_1: '1', dim_2: null, yes: 11, no: 11 };

describe('a comparison', () => {
  it('is withheld where those compared are rounded to nobody: no rate can be made of them', () => {
    const released = (base: number) =>
      releasedComparisons([exact], [cell as ReleasedCell], {
        threshold: 11,
        rounding: { rule: 'nearest', base },
      });
    expect(released(50)).toMatchObject([{ status: 'withheld', compared: null, observed_percent: null }]);
    expect(released(2)).toMatchObject([{ status: 'published', compared: 22, observed_percent: '55' }]);
  });
});
