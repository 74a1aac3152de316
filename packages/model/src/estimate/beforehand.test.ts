import { describe, expect, it } from 'vitest';
import type { Comparison } from '../compare/comparisons.js';
import { beforehand, mostRelatives, relativesWithin } from './beforehand.js';
import { type Candidates, estimateMatches } from './expectation-maximisation.js';
import { nonMatches } from './non-matches.js';
import { gatherPatterns } from './patterns.js';

const COMPARISONS: readonly Comparison[] = [
  { name: 'first', levels: ['equal', 'root', 'one_edit', 'two_edits', 'beginning', 'differs'] },
  { name: 'birth', levels: ['equal', 'day_month_swapped', 'two_parts', 'one_part', 'differs'] },
  { name: 'sex', levels: ['equal', 'differs'] },
  { name: 'household', levels: ['shared', 'near', 'zip', 'city', 'differs'] },
];
type Shares = readonly (readonly number[])[];
const SAME: Shares = [
  [0.9, 0.01, 0.06, 0.01, 0.01, 0.01],
  [0.94, 0.01, 0.05, 0, 0],
  [0.98, 0.02],
  [0.8, 0.01, 0.01, 0, 0.18],
];
const STRANGERS: Shares = [
  [0.004, 0.001, 0.003, 0.01, 0.002, 0.98],
  [0.0003, 0.0002, 0.01, 0.15, 0.8395],
  [0.5, 0.5],
  [0.0003, 0.003, 0.03, 0, 0.9667],
];
/** A third of twins have names that are alike. */
const TWINS: Shares = [
  [0.001, 0.001, 0.2, 0.1, 0.03, 0.668],
  [1, 0, 0, 0, 0],
  [0.7, 0.3],
  [0.95, 0, 0, 0, 0.05],
];

/** A fixed sequence in [0, 1) (Park and Miller 1988). */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function drawnFrom(next: () => number, of: Shares): Uint8Array {
  return Uint8Array.from(of, (shares) => {
    let rest = next();
    const level = shares.findIndex((share) => {
      rest -= share;
      return rest < 0;
    });
    return Math.max(0, level);
  });
}

const FILE = { a: 1000, b: 1000 };
const MATCHES = 800;
/** Twins of whom one is in the first file only and the other in the second only. */
const PARTED = 60;
const TWINS_OF_AN_OWNER = 40;

/** The first so many are in both files, in order; then come parted twins. Each meets its twin or itself, and few strangers. */
function files(seed: number, parted: number): Candidates {
  const next = sequence(seed);
  const pairs: [number, number, Uint8Array][] = [];
  for (let child = 0; child < MATCHES; child += 1) pairs.push([child, child, drawnFrom(next, SAME)]);
  for (let twin = MATCHES; twin < MATCHES + parted; twin += 1)
    pairs.push([twin, twin, drawnFrom(next, TWINS)]);
  for (let one = 0; one < FILE.a; one += 1) {
    const other = Math.floor(next() * FILE.b);
    if (other !== one) pairs.push([one, other, drawnFrom(next, STRANGERS)]);
  }
  const counted = (of: Shares, count: number) =>
    Array.from({ length: count }, () => ({ levels: drawnFrom(next, of), pairs: 1 }));
  const owner = {
    persons: FILE.a,
    random: counted(STRANGERS, 100_000),
    related: counted(TWINS, TWINS_OF_AN_OWNER),
  };
  const levels = pairs.map(([, , each]) => each);
  return {
    a: Int32Array.from(pairs, ([a]) => a),
    b: Int32Array.from(pairs, ([, b]) => b),
    sides: FILE,
    patterns: gatherPatterns(levels, levels.length),
    others: nonMatches(COMPARISONS, [owner, owner]),
    oneToOne: true,
  };
}

/** Of links of a probability of .9 at least: how many, and how many are expected to be false and are. */
function linksOf(candidates: Candidates) {
  const { between } = estimateMatches(COMPARISONS, [candidates]);
  const probabilities = between[0]?.probabilities ?? new Float64Array();
  const sure = [...probabilities.keys()].filter((pair) => (probabilities[pair] ?? 0) >= 0.9);
  return {
    links: sure.length,
    expected: sure.reduce((sum, pair) => sum + 1 - (probabilities[pair] ?? 0), 0),
    wrong: sure.filter((pair) => {
      const child = candidates.a[pair] ?? 0;
      return child !== candidates.b[pair] || child >= MATCHES;
    }).length,
    relatives: between[0]?.relatives ?? [],
  };
}

describe('children of whom neither has a partner', () => {
  it.each([
    11, 12, 13,
  ])('are told from their twins where a file has one and the other file the other, %i', (seed) => {
    const { links, expected, wrong, relatives } = linksOf(files(seed, PARTED));
    expect(Math.abs((relatives[0] ?? 0) - PARTED)).toBeLessThan(25);
    expect(wrong).toBeLessThan(PARTED / 4);
    expect(Math.abs(expected - wrong) / links).toBeLessThan(0.01);
    expect(links).toBeGreaterThan(0.9 * MATCHES);
  });

  it.each([11, 12, 13])('are linked as before where twins are in both files or in neither, %i', (seed) => {
    const { links, wrong, relatives } = linksOf(files(seed, 0));
    expect(relatives[0]).toBeLessThan(8);
    expect(wrong).toBeLessThan(4);
    expect(links).toBeGreaterThan(0.97 * MATCHES);
  });
});

describe('beforehand', () => {
  const kinds = [{ share: 0.001, u: [] }];
  const between = { sides: FILE, others: { strangers: [], kinds }, oneToOne: true };

  it('counts relatives among pairs without a partner: between chance, and all there are', () => {
    expect(relativesWithin(between, 800)).toEqual([{ least: 40, most: 200 }]);
    expect(mostRelatives(between, 100)).toEqual([900]);
    const { prior, others } = beforehand(between, { matches: 800, relatives: [100] });
    expect(prior).toBe(800 / 200 ** 2);
    expect(others.kinds[0]?.share).toBe(100 / 200 ** 2);
  });

  it('never takes all pairs for relatives, however few have no partner', () => {
    const [{ most = 1 } = {}] = relativesWithin({ ...between, sides: { a: 1, b: 1 } }, 1);
    expect(most).toBeLessThanOrEqual(0.25 * 0.5 ** 2);
  });

  it('leaves them as they are where a person may have several partners', () => {
    const several = beforehand({ ...between, oneToOne: false }, { matches: 800, relatives: [100] });
    expect(several).toEqual({ prior: 800 / (1000 ** 2 - 800), others: between.others });
  });
});
