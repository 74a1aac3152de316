import { describe, expect, it } from 'vitest';
import type { Comparison } from '../compare/comparisons.js';
import { estimateMatches } from './expectation-maximisation.js';
import { nonMatches } from './non-matches.js';
import { gatherPatterns } from './patterns.js';

const COMPARISONS: readonly Comparison[] = [
  { name: 'first', levels: ['equal', 'root', 'one_edit', 'two_edits', 'beginning', 'differs'] },
  { name: 'birth', levels: ['equal', 'day_month_swapped', 'two_parts', 'one_part', 'differs'] },
  { name: 'sex', levels: ['equal', 'differs'] },
];
const M = [
  [0.8, 0.04, 0.06, 0.02, 0.02, 0.06],
  [0.88, 0.02, 0.06, 0.02, 0.02],
  [0.97, 0.03],
];
const U = [
  [0.01, 0.005, 0.005, 0.01, 0.02, 0.95],
  [0.002, 0.001, 0.02, 0.1, 0.877],
  [0.5, 0.5],
];

/** A fixed sequence in [0, 1) (Park and Miller 1988). */
function sequence(): () => number {
  let state = 20_261;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function drawnFrom(next: () => number, of: readonly (readonly number[])[]): Uint8Array {
  return Uint8Array.from(of, (shares) => {
    let rest = next();
    const level = shares.findIndex((share) => {
      rest -= share;
      return rest < 0;
    });
    return Math.max(0, level);
  });
}

const PERSONS = 500;
const MATCHES = 300;

/** Two files of which so many match, every pair a candidate. */
function simulated() {
  const next = sequence();
  const a: number[] = [];
  const b: number[] = [];
  const levels: Uint8Array[] = [];
  for (let one = 0; one < PERSONS; one += 1) {
    for (let other = 0; other < PERSONS; other += 1) {
      a.push(one);
      b.push(other);
      levels.push(drawnFrom(next, one === other && one < MATCHES ? M : U));
    }
  }
  const random = Array.from({ length: 200_000 }, () => ({ levels: drawnFrom(next, U), pairs: 1 }));
  return {
    a: Int32Array.from(a),
    b: Int32Array.from(b),
    sides: { a: PERSONS, b: PERSONS },
    patterns: gatherPatterns(levels, levels.length),
    others: nonMatches(COMPARISONS, [{ persons: PERSONS, random, related: [] }]),
    oneToOne: true,
  };
}

describe('estimateMatches', () => {
  const candidates = simulated();
  const estimate = estimateMatches(COMPARISONS, [candidates]);

  it('settles on the m that pairs were drawn from and on how many match', () => {
    expect(estimate.settled).toBe(true);
    for (const [comparison, shares] of M.entries()) {
      for (const [level, share] of shares.entries()) {
        expect(Math.abs((estimate.m[comparison]?.[level] ?? 0) - share)).toBeLessThan(0.05);
      }
    }
    expect(Math.abs((estimate.between[0]?.matches ?? 0) - MATCHES)).toBeLessThan(15);
  });

  it('gives probabilities that mean what they say', () => {
    const probabilities = estimate.between[0]?.probabilities ?? new Float64Array();
    const sure = [...probabilities.keys()].filter((pair) => (probabilities[pair] ?? 0) >= 0.9);
    const wrong = sure.filter((pair) => candidates.a[pair] !== candidates.b[pair]).length;
    const expected = sure.reduce((sum, pair) => sum + 1 - (probabilities[pair] ?? 0), 0);
    expect(Math.abs(expected - wrong) / sure.length).toBeLessThan(0.02);
  });

  it('keeps m as usual where it is not to learn', () => {
    const usual = estimateMatches(COMPARISONS, [candidates], 'usual');
    expect(usual.m[0]?.[0]).toBeCloseTo(0.85, 2);
  });
});

describe('nonMatches', () => {
  it('tells twins from strangers once an owner has eleven pairs of them', () => {
    const stranger = Uint8Array.of(5, 4, 1);
    const twin = Uint8Array.of(5, 0, 0);
    const kindsOf = (pairs: number) =>
      nonMatches(COMPARISONS, [
        { persons: 1000, random: [{ levels: stranger, pairs: 1000 }], related: [{ levels: twin, pairs }] },
      ]).kinds;
    expect(kindsOf(10)).toEqual([]);
    expect(kindsOf(11)).toHaveLength(1);
    expect(kindsOf(11)[0]?.share).toBeCloseTo(11 / 499_500, 10);
  });

  const counts = (levels: readonly number[], pairs: number) => ({ levels: Uint8Array.from(levels), pairs });
  const honest = {
    persons: 1000,
    random: [counts([5, 4, 1], 60_000), counts([5, 4, 0], 40_000)],
    related: [counts([5, 4, 0], 400)],
  };

  it('lets no owner outweigh another by what it claims', () => {
    const claims = { persons: 1000, random: [counts([0, 0, 0], 1e15)], related: [counts([0, 0, 0], 1e15)] };
    const { strangers, kinds } = nonMatches(COMPARISONS, [honest, claims]);
    expect(strangers[0]?.[0]).toBeCloseTo(0.5, 3);
    expect(kinds.reduce((sum, { share }) => sum + share, 0)).toBeLessThan(0.06);
  });

  it('reads no count that is none', () => {
    const odd = [Number.NaN, Number.POSITIVE_INFINITY, -5, 0].map((pairs) => counts([0, 0, 0], pairs));
    const told = { ...honest, random: [...honest.random, ...odd], related: [...honest.related, ...odd] };
    expect(nonMatches(COMPARISONS, [told])).toEqual(nonMatches(COMPARISONS, [honest]));
  });

  it('falls back on what is published where nobody has counted', () => {
    const { strangers, kinds } = nonMatches(COMPARISONS, [{ persons: 5, random: [], related: [] }]);
    expect(kinds).toEqual([]);
    expect(strangers[0]?.[0]).toBeLessThan(0.01);
    expect(strangers[2]?.[0]).toBe(0.5);
  });
});
