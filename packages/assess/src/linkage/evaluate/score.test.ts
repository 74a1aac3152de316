import { describe, expect, it } from 'vitest';
import { type Judged, judge, type RecordPair } from './score.js';

const source = (name: string, truth: string[]) => ({ name, rows: [], truth, group: undefined });
const expected = {
  precision: 1,
  precision_low: 1,
  precision_high: 1,
  recall: 1,
  recall_low: 1,
  recall_high: 1,
  unmet: 0,
};

/** Two records of one child on either side, which one false pair of persons links in four ways; and sixteen true pairs. */
const wrong = [0, 1].flatMap((a) => [0, 1].map((b): RecordPair => pair(a, b, 0)));
const others = Array.from({ length: 16 }, (_, child) => child);
const right = others.map((child) => pair(2 + child, 2 + child, 1 + child));
const truth = (own: string) => [own, own, ...others.map((child) => `child ${child}`)];

function pair(a: number, b: number, persons: number): RecordPair {
  return { left: 0, right: 1, a, b, probability: 0.95, persons };
}
const judged = (chosen: readonly RecordPair[]): Judged => ({
  sources: [source('a', truth('x')), source('b', truth('y'))],
  chosen,
  own: chosen,
  unseen: chosen,
  threshold: 0.5,
  expected,
  ties: 0,
  candidates: [],
});

describe('calibration', () => {
  it('counts a false pair of persons by all its records, and once', () => {
    const found = judge(judged([...wrong, ...right]));
    expect(found.calibration_error).toBeCloseTo(4 / 20 - 0.05);
    expect(found.calibration_error_of_persons).toBeCloseTo(1 / 17 - 0.05);
  });

  it('is the same both ways where every person has one record', () => {
    const { calibration_error, calibration_error_of_persons } = judge(judged(right));
    expect(calibration_error).toBeCloseTo(0.05);
    expect(calibration_error_of_persons).toBe(calibration_error);
  });
});
