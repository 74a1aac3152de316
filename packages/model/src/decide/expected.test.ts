import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addedUp, expectedOf, expectedOfSums } from './expected.js';

/** P(number of successes) of independent draws, one after the other. */
function distribution(probabilities: readonly number[]): number[] {
  let chances = [1];
  for (const probability of probabilities) {
    chances = [...chances, 0].map(
      (chance, count) => chance * (1 - probability) + (chances[count - 1] ?? 0) * probability,
    );
  }
  return chances;
}

const expectedOfAll = (all: readonly number[], linked: readonly number[]) =>
  expectedOf(addedUp(all), addedUp(linked));

describe('expectedOf', () => {
  it('expects the mean of the links, and what share of all expected matches they are', () => {
    const { precision, recall, matches } = expectedOfAll([1, 0.9, 0.5, 0.1], [1, 0.9]);
    expect(precision.value).toBeCloseTo(0.95);
    expect(matches).toBeCloseTo(2.5);
    expect(recall.value).toBeCloseTo(1.9 / 2.5);
  });

  it('gives intervals that hold the true precision nineteen times in twenty, by the exact distribution', () => {
    const probability = fc.integer({ min: 60, max: 999 }).map((permille) => permille / 1000);
    fc.assert(
      fc.property(fc.array(probability, { minLength: 20, maxLength: 60 }), (linked) => {
        const { precision } = expectedOfAll(linked, linked);
        const covered = distribution(linked).reduce((sum, chance, right) => {
          const share = right / linked.length;
          return share >= precision.low && share <= precision.high ? sum + chance : sum;
        }, 0);
        expect(covered).toBeGreaterThan(0.93);
      }),
      { numRuns: 50 },
    );
  });

  it('leaves room where nothing is told, since a doubt of less than a part is told as none', () => {
    const together = { falseLinks: 0, missed: 0 };
    const { precision, recall } = expectedOfSums({ links: 500, falseLinks: 0, missed: 0, together }, 4);
    expect(precision.value).toBe(1);
    expect(500 * (1 - precision.low)).toBeCloseTo(1.96 * Math.sqrt(0.3125) + 0.5);
    expect(recall.low).toBeLessThan(precision.low);
  });

  it('claims nothing of nothing', () => {
    expect(expectedOfAll([], []).precision).toEqual({ value: 1, low: 0, high: 1 });
  });
});
