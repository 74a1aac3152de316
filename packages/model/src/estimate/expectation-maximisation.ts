import type { Comparison } from '../compare/comparisons.js';
import { matchings, type Pairs, type Sides } from '../decide/one-to-one.js';
import { chanceOf, type NonMatches } from './non-matches.js';
import { addPattern, likelihood, normalised, type Patterns, type PerLevel, perLevel } from './patterns.js';
import { usualM } from './usual.js';

/** The candidates between two sources, as persons, what they show, and how others would. */
export type Candidates = Pairs & {
  readonly sides: Sides;
  readonly patterns: Patterns;
  readonly others: NonMatches;
  /** Whether a person has at most one partner on the other side. */
  readonly oneToOne: boolean;
  /** How many match, where that is fixed; estimated where it is not. */
  readonly matches?: number | undefined;
};

/**
 * `learned`: m by EM. `usual`: m as published beforehand, and only the number of matches estimated. `fixed`: the same
 * with an m that was learned elsewhere.
 */
export type Learning = 'learned' | 'usual' | { readonly fixed: PerLevel };

export type Estimate = {
  /** P(level | same person), of all pairs of sources together. */
  readonly m: PerLevel;
  readonly between: readonly EstimateBetween[];
  readonly rounds: number;
  readonly settled: boolean;
};

/** Of one pair of sources. */
export type EstimateBetween = {
  /** Matches expected among the candidates. */
  readonly matches: number;
  /** log2 of the likelihood ratio of each pattern. */
  readonly weights: Float64Array;
  /** Of each pair, with at most one partner a person. */
  readonly probabilities: Float64Array;
};

const MOST_ROUNDS = 200;
const SETTLED = 1e-5;
/** So many pairs the prior of m is worth: it decides where there is next to nothing to learn from. */
const PRIOR_PAIRS = 10;
/**
 * However many match, so many of a side are held to have no partner: were it none, whoever is left over would be
 * linked to whatever candidate is left over too.
 */
const LEAST_WITHOUT_PARTNER = 0.02;

/**
 * m and the number of matches by expectation-maximisation (Dempster, Laird and Rubin 1977; Winkler 1988), u fixed.
 * The expectation is taken under one-to-one: so a pair is judged beside its rivals, and the matches estimated are
 * what a matching can hold. It runs over the candidates of all passes together, which are nearly all matches;
 * agreement on a pass is forced on no other. Several pairs of sources share m, and each has matches of its own.
 */
export function estimateMatches(
  comparisons: readonly Comparison[],
  candidates: readonly Candidates[],
  learning: Learning = 'learned',
): Estimate {
  const prior = typeof learning === 'object' ? learning.fixed : usualM(comparisons);
  const matching = candidates.map((each) => matchings(each, each.sides));
  const chances = candidates.map(({ patterns, others }) =>
    patterns.levels.map((levels) => chanceOf(others, levels)),
  );
  let m: PerLevel = prior;
  let between = candidates.map(
    ({ sides, matches }): EstimateBetween => ({
      matches: matches ?? Math.min(sides.a, sides.b) / 2,
      weights: new Float64Array(),
      probabilities: new Float64Array(),
    }),
  );
  let rounds = 0;
  let change = Number.POSITIVE_INFINITY;
  for (; rounds < MOST_ROUNDS && change > SETTLED; rounds += 1) {
    const before = between;
    between = candidates.map((each, place) =>
      judged(each, m, {
        chances: chances[place] ?? [],
        matches: each.matches ?? before[place]?.matches ?? 1,
        matching: matching[place],
      }),
    );
    const next = learning === 'learned' ? maximised(comparisons, candidates, between, prior) : prior;
    change = Math.max(
      difference(m, next),
      ...between.map(({ matches }, place) => {
        const last = before[place]?.matches ?? 1;
        return Math.abs(matches - last) / last;
      }),
    );
    m = next;
  }
  return { m, between, rounds, settled: change <= SETTLED };
}

type Round = {
  readonly chances: readonly number[];
  readonly matches: number;
  readonly matching: ReturnType<typeof matchings> | undefined;
};

/** What m and the matches of the round before make of the candidates between two sources. */
function judged(
  { sides, patterns, oneToOne }: Candidates,
  m: PerLevel,
  { chances, matches, matching }: Round,
): EstimateBetween {
  const ratios = Float64Array.from(
    patterns.levels,
    (levels, place) => likelihood(m, levels) / (chances[place] ?? 1),
  );
  const prior = oneToOne ? priorOdds(matches, sides) : matches / Math.max(1, sides.a * sides.b - matches);
  const odds = Float64Array.from(patterns.of, (pattern) => prior * (ratios[pattern] ?? 0));
  const probabilities =
    oneToOne && matching !== undefined ? matching(odds) : odds.map((each) => each / (1 + each));
  const sum = probabilities.reduce((total, probability) => total + probability, 0);
  return { matches: Math.max(1, sum), weights: ratios.map(Math.log2), probabilities };
}

/** Odds of one pair before it is looked at, against both having no partner, where a person has one at most. */
export function priorOdds(matches: number, { a, b }: Sides): number {
  const without = (side: number) => Math.max(side - matches, LEAST_WITHOUT_PARTNER * side, 0.5);
  return matches / (without(a) * without(b));
}

function maximised(
  comparisons: readonly Comparison[],
  candidates: readonly Candidates[],
  between: readonly EstimateBetween[],
  prior: PerLevel,
): Float64Array[] {
  const counts = perLevel(comparisons);
  for (const [place, { patterns }] of candidates.entries()) {
    const weight = new Float64Array(patterns.levels.length);
    const probabilities = between[place]?.probabilities ?? [];
    for (const [pair, pattern] of patterns.of.entries()) {
      weight[pattern] = (weight[pattern] ?? 0) + (probabilities[pair] ?? 0);
    }
    for (const [index, levels] of patterns.levels.entries()) addPattern(counts, levels, weight[index] ?? 0);
  }
  return normalised(counts, prior, PRIOR_PAIRS);
}

function difference(one: PerLevel, other: PerLevel): number {
  let most = 0;
  for (const [comparison, levels] of one.entries()) {
    for (const [level, value] of levels.entries()) {
      most = Math.max(most, Math.abs(value - (other[comparison]?.[level] ?? 0)));
    }
  }
  return most;
}
