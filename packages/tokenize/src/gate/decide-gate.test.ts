import { describe, expect, it } from 'vitest';
import {
  childrenKnown,
  decideGate,
  type GateAsked,
  LARGE_FILE,
  LEAST_PERSONS,
  type PartnerPlan,
} from './decide-gate.js';

type Shares = Readonly<Record<string, readonly [unique: number, meetings?: number]>>;

/** A partner's plan; meetings are with all persons of a file of its own size. */
const plan = (
  partner: string,
  persons: number,
  shares: Shares = { names: [0.97], street: [0.92] },
): PartnerPlan => ({
  partner,
  persons,
  passes: new Map(
    Object.entries(shares).map(([pass, [uniqueShare, meetings = 0.02]]) => [
      pass,
      { uniqueShare, meetingRate: meetings / persons },
    ]),
  ),
});

const decide = (plans: readonly PartnerPlan[], terms: Partial<GateAsked['terms']> = {}) =>
  decideGate({
    plans,
    passes: ['names', 'street'],
    terms: { profile: 'sealed', ...terms },
    leastPersons: LEAST_PERSONS,
    largeFile: LARGE_FILE,
  });
const used = (...asked: Parameters<typeof decide>) => {
  const { profile, passes } = decide(...asked);
  return [profile, passes.filter((each) => each.used).map(({ pass }) => pass)];
};

describe('decideGate', () => {
  it('asks nine values in ten to be unique of two large files, and 95 in 100 of any others', () => {
    expect(used([plan('a', 30_000), plan('b', 40_000)])).toEqual(['sealed', ['names', 'street']]);
    expect(used([plan('a', 29_999), plan('b', 40_000)])).toEqual(['sealed', ['names']]);
    expect(used([plan('a', 30_000), plan('b', 40_000), plan('c', 30_000)])).toEqual(['sealed', ['names']]);
    expect(used([plan('a', 30_000), plan('b', 40_000)], { profile: 'sealed-high-risk' })).toEqual([
      'sealed-high-risk',
      ['names'],
    ]);
  });

  it('takes a pass only if it is unique in every file, and a file without its values for none that is', () => {
    expect(used([plan('a', 30_000), plan('b', 30_000, { names: [0.89], street: [0.9] })])).toEqual([
      'sealed',
      ['street'],
    ]);
    expect(used([plan('a', 30_000), plan('b', 30_000, { names: [0.99] })])).toEqual(['sealed', ['names']]);
  });

  it('counts the meetings with all other partners, over the file that the epoch expects', () => {
    const shares: Shares = { names: [0.99, 0.5], street: [0.99, 0.4] };
    const two = [plan('a', 30_000, shares), plan('b', 30_000, shares)];
    expect(used(two)).toEqual(['sealed', ['names', 'street']]);
    expect(used([...two, plan('c', 30_000, shares)])).toEqual(['sealed', ['street']]);
    expect(used(two, { expected_persons: 60_000 })).toEqual(['sealed', ['street']]);
  });

  it('adds the meetings of all passes up, the first of the memorandum first', () => {
    const shares: Shares = { names: [0.99, 0.6], street: [0.99, 0.4] };
    expect(used([plan('a', 30_000, shares), plan('b', 30_000, shares)])).toEqual(['sealed', ['names']]);
  });

  it('allows smaller files fewer meetings, as the square root of the smallest', () => {
    const allowed = (...sizes: readonly number[]) =>
      decide(sizes.map((persons, place) => plan(`p${place}`, persons))).meetingsAllowed;
    expect(allowed(30_000, 30_000)).toBeCloseTo(0.9, 12);
    expect(allowed(3_000_000, 300_000)).toBeCloseTo(0.9, 12);
    expect(allowed(40_000, 10_000)).toBeCloseTo(0.9 * Math.sqrt(1 / 3), 12);
    const shares: Shares = { names: [0.99, 0.4], street: [0.99, 0.2] };
    const files = (persons: number) => [plan('a', persons, shares), plan('b', persons, shares)];
    expect(used(files(14_000))).toEqual(['sealed', ['names', 'street']]);
    expect(used(files(11_000))).toEqual(['sealed', ['names']]);
    expect(used(files(LEAST_PERSONS - 1))[0]).toBe('tokens');
    expect(used(files(3000), { expected_overlap: 0.6 })).toEqual(['sealed', ['street']]);
  });

  it('allows fewer where the memorandum expects more children to be known, and never more', () => {
    const allowed = (persons: number, known_children: number) =>
      decide([plan('a', persons), plan('b', persons)], { known_children, expected_overlap: 0.6 })
        .meetingsAllowed;
    expect(allowed(30_000, 1000)).toBeCloseTo(0.9, 12);
    expect(allowed(30_000, 4000)).toBeCloseTo(0.9 / 4, 12);
    expect(allowed(5000, 1000)).toBeCloseTo(0.15, 12);
    expect(allowed(5000, childrenKnown(5000))).toBeCloseTo(0.9 * Math.sqrt(1 / 6), 3);
    expect(allowed(5000, 10)).toBeCloseTo(0.9 * Math.sqrt(1 / 6), 12);
    expect([30_000, 200_000, 10_000, 5000, 1000].map((persons) => childrenKnown(persons))).toEqual([
      1000, 1000, 577, 408, 183,
    ]);
  });

  it('leaves small files out, and falls back to tokens where fewer than two are left', () => {
    const small = plan('c', LEAST_PERSONS - 1);
    const { partners, profile } = decide([plan('a', 30_000), plan('b', 30_000), small]);
    expect(profile).toBe('sealed');
    expect(partners.map(({ seals }) => seals)).toEqual([true, true, false]);
    expect(decide([plan('a', 30_000), small])).toMatchObject({
      profile: 'tokens',
      reason: 'fewer than two files large enough',
      partners: [{ seals: false }, { seals: false }],
    });
  });

  it('lets two small files be sealed where they overlap enough', () => {
    const two = [plan('a', 3000), plan('b', 2000)];
    expect(used(two, { expected_overlap: 0.6 })).toEqual(['sealed', ['names']]);
    expect(used(two, { expected_overlap: 0.59 })[0]).toBe('tokens');
    expect(used([...two, plan('c', 2000)], { expected_overlap: 0.9 })[0]).toBe('tokens');
  });

  it('falls back to tokens where no pass is left, and stays there where that is agreed', () => {
    const common: Shares = { names: [0.5], street: [0.5] };
    expect(decide([plan('a', 30_000, common), plan('b', 30_000, common)])).toMatchObject({
      profile: 'tokens',
      reason: 'no pass unique enough',
    });
    expect(decide([plan('a', 30_000), plan('b', 30_000)], { profile: 'tokens' })).toMatchObject({
      profile: 'tokens',
      reason: 'agreed',
    });
  });
});
