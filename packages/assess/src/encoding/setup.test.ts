import { describe, expect, it } from 'vitest';
import { fittedTo, fullEffort, quickEffort } from './setup.js';

const full = fullEffort({}, { seeds: [1], children: 30_000 });

describe('fullEffort', () => {
  it('judges by the children whom the gate takes to be known, or the memorandum', () => {
    const judged = (children: number, known_children?: number) =>
      fullEffort({ known_children }, { seeds: [1], children });
    expect(judged(30_000)).toMatchObject({ judgedKnown: 1_000, known: [250, 1_000, 4_000] });
    expect(judged(5_000)).toMatchObject({ judgedKnown: 408, known: [250, 408, 1_000, 4_000] });
    expect(judged(30_000, 250).judgedKnown).toBe(250);
  });
});

describe('fittedTo', () => {
  it('leaves an owner who has enough records as it is', () => {
    expect(fittedTo(full, 30_000)).toEqual(full);
  });

  it.each([
    300, 900, 2_853, 8_999,
  ])('draws nobody twice of %i records, and knows no more than a third of them', (records) => {
    const { children, known, judgedKnown, candidates, targets, graphRows } = fittedTo(full, records);
    expect(children).toBeLessThanOrEqual(records);
    expect(known).toContain(judgedKnown);
    expect(Math.max(...known) + candidates + 2 * graphRows).toBeLessThanOrEqual(records);
    expect(targets).toBeLessThanOrEqual(candidates);
  });

  it('judges by as many known children as there may be', () => {
    expect(fittedTo(full, 2_853).judgedKnown).toBe(250);
    expect(fittedTo(full, 600)).toMatchObject({ known: [200], judgedKnown: 200 });
    expect(fittedTo({ ...quickEffort, seeds: [1] }, 2_853).known).toEqual([250]);
  });
});
