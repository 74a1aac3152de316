import { describe, expect, it } from 'vitest';
import type { Cell } from '../candidate/cell.js';
import { lossOf, WITHHELD_LOSS } from './loss.js';

const cell = (changed: Partial<Cell>): Cell => ({ id: 'c', status: 'yes', depth: 2, count: 40, ...changed });

describe('lossOf', () => {
  it('spares totals before margins and margins before the interior, whatever their counts', () => {
    expect(lossOf(cell({ depth: 0 }))).toBeGreaterThan(lossOf(cell({ depth: 1, count: 5_000 })));
    expect(lossOf(cell({ depth: 1 }))).toBeGreaterThan(lossOf(cell({ depth: 2, count: 500 })));
  });

  it('spares large counts before small ones', () => {
    expect(lossOf(cell({ count: 400 }))).toBeGreaterThan(lossOf(cell({ count: 20 })));
  });

  it('spares a headline before the count beside it that tells the rest, though that is larger', () => {
    const [yes, no] = [cell({ depth: 0, count: 105 }), cell({ status: 'no', depth: 0, count: 2576 })];
    expect(lossOf(yes)).toBeGreaterThan(lossOf(no));
  });

  it('spares denominators before an exchange of yes and no', () => {
    const exchange = lossOf(cell({ status: 'yes' })) + lossOf(cell({ status: 'no' }));
    expect(lossOf(cell({ status: 'all' }))).toBeGreaterThan(exchange);
    expect(lossOf(cell({ status: 'yes' })) + lossOf(cell({ status: 'unknown' }))).toBeGreaterThan(exchange);
  });

  it('is a whole number above that of a cell withheld anyway, even for a count of 0', () => {
    const least = lossOf(cell({ count: 0 }));
    expect(Number.isInteger(least)).toBe(true);
    expect(least).toBeGreaterThan(WITHHELD_LOSS);
  });
});
