import { type SecondGate, secondGate } from '@throughline/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideGate, LARGE_FILE, LEAST_PERSONS } from './decide-gate.js';

const PASSES = ['names', 'street', 'zip', 'dob'];
const share = fc.constantFrom(0.85, 0.9, 0.93, 0.95, 0.99);
const rate = fc.integer({ min: 0, max: 900 }).map((ppb) => ppb * 1e-8);
const plan = fc.record({
  persons: fc.constantFrom(900, 3000, 9999, 10_000, 15_000, 29_999, 30_000, 120_000),
  passes: fc
    .array(fc.record({ u: share, r: rate }), { minLength: 3, maxLength: 4 })
    .map((shares) => new Map(shares.map((each, place) => [PASSES[place] ?? '', each] as const))),
});
const asked: fc.Arbitrary<SecondGate> = fc.record({
  plans: fc.array(plan, { minLength: 1, maxLength: 4 }),
  passes: fc.constant(PASSES),
  highRisk: fc.boolean(),
  expectedPersons: fc.constantFrom(undefined, 5000, 60_000),
  expectedOverlap: fc.constantFrom(undefined, 0.3, 0.6),
  knownChildren: fc.constantFrom(undefined, 100, 1000, 4000),
});

describe('decideGate', () => {
  it('decides what the reference page says', () => {
    fc.assert(
      fc.property(asked, (given) => {
        const { passes, profile } = decideGate({
          plans: given.plans.map(({ persons, passes: told }, place) => ({
            partner: String(place),
            persons,
            passes: new Map([...told].map(([pass, { u, r }]) => [pass, { uniqueShare: u, meetingRate: r }])),
          })),
          passes: given.passes,
          terms: {
            profile: given.highRisk ? 'sealed-high-risk' : 'sealed',
            expected_persons: given.expectedPersons,
            expected_overlap: given.expectedOverlap,
            known_children: given.knownChildren,
          },
          leastPersons: LEAST_PERSONS,
          largeFile: LARGE_FILE,
        });
        const used = profile === 'tokens' ? [] : passes.filter((each) => each.used).map(({ pass }) => pass);
        expect(used).toEqual(secondGate(given));
      }),
      { numRuns: 500 },
    );
  });
});
