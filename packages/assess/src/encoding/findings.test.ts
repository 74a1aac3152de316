import { describe, expect, it } from 'vitest';
import { atMost, control, findingsOf, type Outcome, verdictOf } from './findings.js';
import { shareOf } from './interval.js';

const outcome = (count: number, of: number, gate: Outcome['gate']): Outcome => ({
  attack: 'unsupervised graph',
  encoding: 'some',
  setting: `${gate?.at}`,
  count,
  of,
  gate,
});
const verdict = (...outcomes: Outcome[]) => verdictOf(findingsOf(outcomes));

describe('shareOf', () => {
  // Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('gives the published interval of %i of %i', (count, of, low, high) => {
    expect(shareOf(count, of).low).toBeCloseTo(low, 4);
    expect(shareOf(count, of).high).toBeCloseTo(high, 4);
  });

  it('says that of nothing anything is possible', () => {
    expect(shareOf(0, 0)).toMatchObject({ share: 0, low: 0, high: 1 });
  });
});

describe('findings', () => {
  it('pool the seeds of a setting', () => {
    const [finding] = findingsOf([outcome(1, 100, atMost(0.01)), outcome(0, 300, atMost(0.01))]);
    expect(finding).toMatchObject({ bySeed: [0.01, 0], passes: true, share: { count: 1, of: 400 } });
  });

  it('fail above the limit, and are void where a control holds out, whatever else passes', () => {
    expect(verdict(outcome(10, 1000, atMost(0.01)))).toBe('pass');
    expect(verdict(outcome(11, 1000, atMost(0.01)))).toBe('fail');
    expect(verdict(outcome(940, 1000, control(0.94)))).toBe('pass');
    expect(verdict(outcome(939, 1000, control(0.94)), outcome(0, 1000, atMost(0.01)))).toBe('void');
    expect(verdict(outcome(1, 10_000, atMost(0)))).toBe('fail');
    expect(verdict(outcome(900, 1000, null))).toBe('pass');
  });

  it('forgive one of a few, which chance gives, and no more', () => {
    expect(verdict(outcome(1, 60, atMost(0.01)))).toBe('pass');
    expect(verdict(outcome(5, 60, atMost(0.01)))).toBe('fail');
  });
});
