import { describe, expect, it } from 'vitest';
import { type CountedTable, candidateOf, groupOf } from '../candidate/tables.js';
import { COMPLEMENTS } from '../fixtures/instances.js';
import { type ProtectionPolicy, requirePolicy, STRICT_POLICY } from './policy.js';
import { isRatePrinted, primaryCells, sensitiveIn } from './primary.js';

const counts = (yes: number, no: number, unknown: number) => ({ yes, no, unknown, all: yes + no + unknown });
const PUBLISH_ZEROS: ProtectionPolicy = { ...STRICT_POLICY, zeroCounts: 'publish-always' };

describe('small counts', () => {
  it.each([1, 2, 9, 10])('%i is sensitive as an outcome, its complement and an unknown', (small) => {
    expect(sensitiveIn(counts(small, 500, 500), STRICT_POLICY)).toEqual(['yes']);
    expect(sensitiveIn(counts(500, small, 500), STRICT_POLICY)).toEqual(['no']);
    expect(sensitiveIn(counts(500, 500, small), STRICT_POLICY)).toEqual(['unknown']);
  });

  it('11 is not', () => {
    expect(sensitiveIn(counts(11, 11, 11), STRICT_POLICY)).toEqual([]);
  });

  it('of a whole group are sensitive up to 10 children', () => {
    expect(sensitiveIn(counts(5, 5, 0), STRICT_POLICY)).toEqual(['yes', 'no', 'all']);
    expect(sensitiveIn(counts(5, 6, 0), STRICT_POLICY)).toEqual(['yes', 'no']);
    expect(sensitiveIn(counts(0, 0, 10), STRICT_POLICY)).toEqual(['unknown', 'all']);
    expect(sensitiveIn(counts(0, 0, 11), STRICT_POLICY)).toEqual([]);
  });

  it('follow the threshold of the policy', () => {
    expect(sensitiveIn(counts(11, 29, 12), { ...STRICT_POLICY, threshold: 12 })).toEqual(['yes']);
    expect(sensitiveIn(counts(10, 29, 12), { ...STRICT_POLICY, threshold: 10 })).toEqual([]);
  });
});

describe('zeros', () => {
  it('are sensitive where everybody known is alike, however many', () => {
    expect(sensitiveIn(counts(0, 11, 0), STRICT_POLICY)).toEqual(['yes', 'no']);
    expect(sensitiveIn(counts(50_000, 0, 40), STRICT_POLICY)).toEqual(['yes', 'no']);
  });

  it('are not where nobody is, or nobody is known, or nobody is unknown', () => {
    expect(sensitiveIn(counts(0, 0, 0), STRICT_POLICY)).toEqual([]);
    expect(sensitiveIn(counts(0, 0, 60), STRICT_POLICY)).toEqual([]);
    expect(sensitiveIn(counts(30, 30, 0), STRICT_POLICY)).toEqual([]);
  });

  it('are not where the policy publishes every zero', () => {
    expect(sensitiveIn(counts(0, 11, 0), PUBLISH_ZEROS)).toEqual([]);
    expect(sensitiveIn(counts(0, 10, 1), PUBLISH_ZEROS)).toEqual(['no', 'unknown']);
  });
});

describe('a rate near 0 % or 100 %', () => {
  it.each(COMPLEMENTS)('is caught by its counts: $yes of $yes + $no', ({ yes, no }) => {
    expect(sensitiveIn(counts(yes, no, 0), STRICT_POLICY)).toContain('no');
    expect(sensitiveIn(counts(no, yes, 0), STRICT_POLICY)).toContain('yes');
  });

  it('never has a sensitive denominator without a sensitive count', () => {
    for (let known = 1; known < STRICT_POLICY.threshold; known++) {
      for (let yes = 0; yes <= known; yes++) {
        const sensitive = sensitiveIn(counts(yes, known - yes, 900), STRICT_POLICY);
        expect(sensitive.some((status) => status === 'yes' || status === 'no')).toBe(true);
      }
    }
  });
});

const table: CountedTable = {
  measure: 'chronic',
  population: 'enrolled',
  dims: ['sex'],
  rows: [
    { levels: ['F'], yes: 10, no: 90, unknown: 0 },
    { levels: ['M'], yes: 11, no: 89, unknown: 0 },
    { levels: [null], yes: 21, no: 179, unknown: 0 },
  ],
};

describe('primaryCells', () => {
  it('names the sensitive cells of all groups', () => {
    expect([...primaryCells(candidateOf([table]), STRICT_POLICY)]).toEqual([groupOf(table, ['F']).yes]);
  });
});

describe('isRatePrinted', () => {
  const group = groupOf(table, ['F']);

  it('takes both counts, and somebody who is known', () => {
    expect(
      isRatePrinted(
        group,
        new Map([
          [group.yes, 20],
          [group.no, 0],
        ]),
      ),
    ).toBe(true);
    expect(
      isRatePrinted(
        group,
        new Map([
          [group.yes, 0],
          [group.no, 0],
        ]),
      ),
    ).toBe(false);
  });

  it.each(['yes', 'no'] as const)('is withheld with %s, whatever else is printed', (status) => {
    expect(
      isRatePrinted(
        group,
        new Map([
          [group[status], 20],
          [group.all, 40],
          [group.unknown, 0],
        ]),
      ),
    ).toBe(false);
  });
});

describe('requirePolicy', () => {
  it.each([
    { threshold: 1 },
    { threshold: 10.5 },
    { minIntervalWidth: 0 },
    { minIntervalWidth: Number.NaN },
  ])('refuses %o', (terms) => {
    expect(() => requirePolicy({ ...STRICT_POLICY, ...terms })).toThrow(RangeError);
  });

  it('lets no interval lie within the sensitive counts by default', () => {
    expect(STRICT_POLICY.minIntervalWidth).toBeGreaterThanOrEqual(STRICT_POLICY.threshold - 1);
  });
});
