import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clinicDsa, documentsWith, dsa, dul, emou, policy } from '../documents/sample-documents.fixture.js';
import type { Bearing } from './meet.js';
import { protectionOf } from './rules.js';
import { protectionWords } from './words.js';

const rules = fc.record(
  {
    min_interval_width: fc.integer({ min: 2, max: 40 }),
    rate_decimals: fc.integer({ min: 0, max: 1 }),
    zero_counts: fc.constantFrom('publish-structural', 'publish-always'),
    rate_mode: fc.constantFrom('exact', 'nces-2011-603'),
    rounding: fc.constantFrom(
      { rule: 'midpoint6' },
      { rule: 'nearest', base: 5 },
      { rule: 'nearest', base: 6 },
      { rule: 'nearest', base: 10 },
    ),
    dominance: fc.constantFrom([{ rule: 'nk', n: 1, k: 80 }], [{ rule: 'p', p: 15 }]),
    settling_days: fc.integer({ min: 0, max: 60 }),
  },
  { requiredKeys: [] },
);
const four = fc.tuple(rules, rules, rules, rules);
type Rules = typeof rules extends fc.Arbitrary<infer T> ? T : never;

const bearingOf = (all: readonly [Rules, Rules, Rules, Rules], own: Rules = {}): Bearing => {
  const within = (each: Rules) => ({ thresholds: { min_cell: 10, ...each } });
  const set = documentsWith({
    emou: { ...emou, ...within(all[0]) },
    dsa: { ...dsa, ...within(all[1]) },
    clinicDsa: { ...clinicDsa, ...within(all[2]) },
    dul: { ...dul, ...within(all[3]) },
    policy: { ...policy, ...own },
  });
  return { emous: set.emous, dsas: set.dsas, dul: set.duls[0], policy: set.policies[0] };
};

const NONE = [{}, {}, {}, {}] as const;

describe('the rules of protection', () => {
  it('are the strictest of each over all documents, whichever asks for it', () => {
    fc.assert(
      fc.property(four, rules, (all, own) => {
        const found = protectionOf(bearingOf(all, own));
        const asked = [...all, own];
        const has = (test: (each: Rules) => boolean): boolean => asked.some(test);
        for (const {
          min_interval_width = 0,
          rate_decimals = 9,
          settling_days = 0,
          dominance = [],
        } of asked) {
          expect(found.minIntervalWidth).toBeGreaterThanOrEqual(min_interval_width);
          expect(found.rateDecimals).toBeLessThanOrEqual(rate_decimals);
          expect(found.settlingDays).toBeGreaterThanOrEqual(settling_days);
          expect(found.dominance).toEqual(expect.arrayContaining([...dominance]));
        }
        if (has(({ zero_counts }) => zero_counts === 'publish-structural'))
          expect(found.zeroCounts).toBe('publish-structural');
        expect(found.rateMode).toBe(
          has(({ rate_mode }) => rate_mode === 'nces-2011-603') ? 'nces-2011-603' : 'exact',
        );
        const bases = asked.map(({ rounding }) =>
          rounding === undefined ? 0 : 'base' in rounding ? Number(rounding.base) : 6,
        );
        const base =
          found.rounding === null ? 0 : found.rounding.rule === 'midpoint6' ? 6 : found.rounding.base;
        expect(base).toBe(Math.max(...bases));
      }),
      { numRuns: 40 },
    );
  });

  it('are those of the policy where no agreement says anything', () => {
    expect(protectionOf(bearingOf(NONE))).toMatchObject({
      zeroCounts: 'publish-structural',
      rateMode: 'exact',
      rounding: null,
      settlingDays: 0,
      dominance: [
        { rule: 'nk', n: 2, k: 90 },
        { rule: 'p', p: 10 },
      ],
    });
    expect(protectionOf(bearingOf(NONE, { zero_counts: 'publish-always' })).zeroCounts).toBe(
      'publish-always',
    );
  });

  it('need a policy', () => {
    const { policy: _, ...others } = bearingOf(NONE);
    expect(() => protectionOf(others)).toThrow(RangeError);
  });

  it('are said in words', () => {
    const strict = {
      rate_mode: 'nces-2011-603',
      rounding: { rule: 'midpoint6' },
      settling_days: 14,
      min_interval_width: 12,
    } as const;
    expect(protectionWords(protectionOf(bearingOf([strict, {}, {}, {}])))).toEqual([
      'a withheld count may be anything within 12',
      'a group whose members are all alike is withheld',
      'no count of an outcome is printed, and rates are ranges by size of group',
      'counts are rounded to midpoints of six (3, 9, 15)',
      'published 14 days after the last day that is counted, or later',
      'a sum is withheld where 2 add more than 90 % of it, or the second of those who add most knows the first to within 10 %',
    ]);
  });
});
