import { describe, expect, it } from 'vitest';
import { calibrationOf } from './calibration.js';

const pair = (a: string, probability: number) => ({ a, b: 'z', probability });

describe('calibrationOf', () => {
  it('sets what owners said beside what was expected, band by band', () => {
    const judged = [pair('a', 0.2), pair('b', 0.6), pair('c', 0.69), pair('d', 0.7), pair('e', 1)];
    const said = [
      { a: 'z', b: 'b', same: true },
      { a: 'c', b: 'z', same: false },
      { a: 'd', b: 'z', same: true },
      { a: 'e', b: 'z', same: true },
      { a: 'f', b: 'z', same: true },
    ];
    const rows = calibrationOf(said, judged);
    expect(rows.map(({ from, to, pairs, found }) => [from, to, pairs, found])).toEqual([
      [0.5, 0.7, 2, 1],
      [0.7, 0.9, 1, 1],
      [0.9, 1, 1, 1],
    ]);
    expect(rows.map(({ expected }) => expected)).toEqual([expect.closeTo(1.29, 10), 0.7, 1]);
  });

  it('says nothing where nobody was asked', () => {
    expect(calibrationOf([], [pair('a', 0.5)])).toEqual([]);
  });
});
