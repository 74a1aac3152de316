import { describe, expect, it } from 'vitest';
import { wholeTable } from './whole-table.js';

/** x + y = 10 and y - z = 2, with 1 <= x <= 9 and y, z from 0. */
const shape = {
  columns: [
    { least: 1, most: 9 },
    { least: 0, most: 100 },
    { least: 0, most: 100 },
  ],
  rows: [
    { terms: [[0, 1] as const, [1, 1] as const], least: 10, most: 10 },
    { terms: [[1, 1] as const, [2, -1] as const], least: 2, most: 2 },
  ],
};

const tableFrom = (...values: number[]) => wholeTable(Float64Array.from(values), shape);

describe('wholeTable', () => {
  it('clears what the solver leaves of rounding, and minus zero', () => {
    expect(tableFrom(7.9999999, 2.0000001, -0)).toEqual(Float64Array.from([8, 2, 0]));
  });

  it.each([
    ['a fraction', [6.5, 3.5, 1.5]],
    ['a sum that is one off', [7, 3, 2]],
    ['a count below its least', [0, 10, 8]],
    ['a count above its most', [10, 0, -2]],
    ['not a number', [Number.NaN, 2, 0]],
    ['too few counts', [8, 2]],
  ])('refuses %s', (_, values) => {
    expect(tableFrom(...values)).toBeNull();
  });
});
