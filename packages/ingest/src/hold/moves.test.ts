import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ArrivalCount, isOver, movesOf } from './moves.js';

const limit = { share: 0.1, count: 10 };
const count = (what: string, number: number, field: string | null = null, code: string | null = null) =>
  ({ extract: 'students', what, field, code, count: number }) satisfies ArrivalCount;
const compared = { extract: 'students', table: 'students', change: limit } as const;
const words = (before: readonly ArrivalCount[], now: readonly ArrivalCount[], table = 'students') =>
  movesOf({ ...compared, table: table as 'students' }, before, now).map(
    ({ reason, place, counts }) => `${reason} ${place}: ${counts}`,
  );

describe('a limit', () => {
  it.each([
    [10, 10, false],
    [11, 110, false],
    [11, 109, true],
    [12, 119, true],
    [100, 1000, false],
    [101, 1000, true],
  ])('%i of %i: over is %s', (moved, whole, over) => expect(isOver(moved, whole, limit)).toBe(over));
});

describe('moves', () => {
  it('of rows, up and down', () => {
    expect(words([count('rows', 1000)], [count('rows', 900)])).toEqual([]);
    expect(words([count('rows', 1000)], [count('rows', 899)])).toEqual(['rows students: 1000 then, 899 now']);
    expect(words([count('rows', 1000)], [count('rows', 1101)])).toEqual([
      'rows students: 1000 then, 1101 now',
    ]);
    expect(words([count('rows', 20)], [count('rows', 30)])).toEqual([]);
    expect(words([count('rows', 20)], [count('rows', 0)])).toEqual(['empty students: 20 then, 0 now']);
  });

  it('of events, which pile up and do not melt away', () => {
    expect(words([count('rows', 5000)], [count('rows', 9000)], 'absences')).toEqual([]);
    expect(words([count('rows', 5000)], [count('rows', 10_001)], 'absences')).toHaveLength(1);
    expect(words([count('rows', 5000)], [count('rows', 4400)], 'absences')).toHaveLength(1);
  });

  it('of coverage and codes, as shares of the rows that there are', () => {
    const before = [count('rows', 1000), count('present', 980, 'DOB'), count('code', 500, 'Sex', 'F')];
    const half = [count('rows', 950), count('present', 940, 'DOB'), count('code', 475, 'Sex', 'F')];
    expect(words(before, half)).toEqual([]);
    const worse = [count('rows', 950), count('present', 100, 'DOB'), count('code', 300, 'Sex', 'X')];
    expect(words(before, worse)).toEqual([
      'code students.Sex.F: 500 of 1000 then, 0 of 950 now',
      'code students.Sex.X: 0 of 1000 then, 300 of 950 now',
      'coverage students.DOB: 980 of 1000 then, 100 of 950 now',
    ]);
  });

  it('are none on a first night, and none of a delivery beside itself', () => {
    expect(words([], [count('rows', 1000)])).toEqual([]);
    const counts = fc.array(fc.tuple(fc.constantFrom('rows', 'present', 'code'), fc.nat({ max: 5000 })));
    fc.assert(
      fc.property(counts, (pairs) => {
        const arrivals = pairs.map(([what, number], at) =>
          count(what, number, what === 'rows' ? null : `f${at}`),
        );
        expect(words(arrivals, arrivals)).toEqual([]);
      }),
    );
  });
});
