import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partsOf } from './parts.js';

const tie = (...positions: number[]) => ({ terms: positions.map((position) => [position, 1] as const) });

describe('partsOf', () => {
  it('keeps together what a chain of rows ties, and counts anew', () => {
    const parts = partsOf(6, [tie(0, 2), tie(4, 2), tie(1, 5)]);
    expect(parts).toEqual([
      { positions: [0, 2, 4], rows: [tie(0, 1), tie(2, 1)] },
      { positions: [1, 5], rows: [tie(0, 1)] },
      { positions: [3], rows: [] },
    ]);
  });

  it('agrees with spreading a label until nothing changes', () => {
    const rows = fc.array(fc.array(fc.nat(11), { minLength: 1, maxLength: 3 }), { maxLength: 10 });
    fc.assert(
      fc.property(rows, (drawn) => {
        const labels = Array.from({ length: 12 }, (_, at) => at);
        for (let pass = 0; pass < 12; pass++) {
          for (const row of drawn) {
            const lowest = Math.min(...row.map((at) => labels[at] ?? at));
            for (const at of row) labels[at] = lowest;
          }
        }
        const expected = [...new Set(labels)].map((label) =>
          [...labels.keys()].filter((at) => labels[at] === label),
        );
        const parts = partsOf(
          12,
          drawn.map((row) => tie(...new Set(row))),
        );
        expect(parts.map(({ positions }) => positions)).toEqual(expected);
        expect(parts.reduce((sum, part) => sum + part.rows.length, 0)).toBe(drawn.length);
      }),
      { seed: 6 },
    );
  });
});
