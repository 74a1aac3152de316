import type { Comparison } from '../compare/comparisons.js';
import { matchings, type Pairs } from '../decide/one-to-one.js';
import { type Beforehand, type Between, beforehand, mostRelatives, relativesWithin } from './beforehand.js';
import { addPattern, likelihood, normalised, type Patterns, type PerLevel, perLevel } from './patterns.js';
import { usualM } from './usual.js';

/** The candidates between two sources, as persons, what they show, and how others would. */
export type Candidates = Pairs &
  Between & {
    readonly patterns: Patterns;
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
  /** What they were judged by beside what they show. */
  readonly before: Beforehand;
  /** Of each kind of relatives, pairs of whom neither has a partner. */
  readonly relatives: readonly number[];
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
 * m and the number of matches by expectation-maximisation (Dempster, Laird and Rubin 1977; Winkler 1988), u fixed.
 * The expectation is taken under one-to-one: so a pair is judged beside its rivals, and the matches estimated are
 * what a matching can hold. It runs over the candidates of all passes together, which are nearly all matches;
 * agreement on a pass is forced on no other. Several pairs of sources share m, and each has matches of its own, and
 * relatives of whom neither has a partner: these differ from matches in more than the first name.
 */
export function estimateMatches(
  comparisons: readonly Comparison[],
  candidates: readonly Candidates[],
  learning: Learning = 'learned',
): Estimate {
  const prior = typeof learning === 'object' ? learning.fixed : usualM(comparisons);
  const standing = candidates.map(standingOf);
  let m: PerLevel = prior;
  let between = candidates.map(undecided);
  let rounds = 0;
  let change = Number.POSITIVE_INFINITY;
  for (; rounds < MOST_ROUNDS && change > SETTLED; rounds += 1) {
    const before = between;
    between = standing.map((each, place) => judged(each, m, before[place] ?? undecided(each.candidates)));
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

function undecided(candidates: Candidates): EstimateBetween {
  const { sides } = candidates;
  const matches = candidates.matches ?? Math.min(sides.a, sides.b) / 2;
  const relatives = mostRelatives(candidates, matches);
  return {
    matches,
    relatives,
    before: beforehand(candidates, { matches, relatives }),
    weights: new Float64Array(),
    probabilities: new Float64Array(),
  };
}

/** What stays the same from round to round. */
type Standing = {
  readonly candidates: Candidates;
  readonly matching: ReturnType<typeof matchings>;
  readonly alone: ReturnType<typeof pairsAlone>;
  /** By pattern: P(levels | strangers), and of each kind of relatives. */
  readonly strangers: Float64Array;
  readonly kinds: readonly Float64Array[];
};

function standingOf(candidates: Candidates): Standing {
  const { patterns, others, sides } = candidates;
  const likelihoods = (u: PerLevel) => Float64Array.from(patterns.levels, (levels) => likelihood(u, levels));
  return {
    candidates,
    matching: matchings(candidates, sides),
    alone: pairsAlone(candidates),
    strangers: likelihoods(others.strangers),
    kinds: others.kinds.map(({ u }) => likelihoods(u)),
  };
}

/** What m and the round before make of the candidates between two sources. */
function judged(standing: Standing, m: PerLevel, last: EstimateBetween): EstimateBetween {
  const { candidates, matching, strangers, kinds } = standing;
  const { patterns, oneToOne } = candidates;
  const before = beforehand(candidates, {
    matches: candidates.matches ?? last.matches,
    relatives: last.relatives,
  });
  const shares = before.others.kinds.map(({ share }) => share);
  const unrelated = 1 - shares.reduce((sum, share) => sum + share, 0);
  const chances = strangers.map((chance, pattern) =>
    shares.reduce((sum, share, kind) => sum + share * (kinds[kind]?.[pattern] ?? 0), unrelated * chance),
  );
  const ratios = Float64Array.from(
    patterns.levels,
    (levels, pattern) => likelihood(m, levels) / (chances[pattern] ?? 1),
  );
  const odds = Float64Array.from(patterns.of, (pattern) => before.prior * (ratios[pattern] ?? 0));
  const probabilities = oneToOne ? matching(odds) : odds.map((each) => each / (1 + each));
  const sum = probabilities.reduce((total, probability) => total + probability, 0);
  return {
    matches: Math.max(1, sum),
    before,
    relatives: relativesFound(standing, probabilities, { shares, chances, last }),
    weights: ratios.map(Math.log2),
    probabilities,
  };
}

type Found = {
  readonly shares: readonly number[];
  readonly chances: Float64Array;
  readonly last: EstimateBetween;
};

/** Relatives expected among the pairs of whom neither has a partner. */
function relativesFound(
  { candidates, alone, kinds }: Standing,
  probabilities: Float64Array,
  { shares, chances, last }: Found,
): number[] {
  if (shares.length === 0) return [];
  const pairs = alone(probabilities);
  const within = relativesWithin(candidates, candidates.matches ?? last.matches);
  return within.map(({ least, most }, kind) => {
    const found = pairs.reduce(
      (sum, of, pattern) =>
        sum + (of * (shares[kind] ?? 0) * (kinds[kind]?.[pattern] ?? 0)) / (chances[pattern] ?? 1),
      0,
    );
    return Math.min(most, Math.max(least, found));
  });
}

/**
 * By pattern, how many pairs are expected of whom neither has a partner: as likely as the likelier of the two has one, which is
 * exact where a pair has no rival.
 */
function pairsAlone({ a, b, sides, patterns }: Candidates): (probabilities: Float64Array) => Float64Array {
  const [takenA, takenB] = [new Float64Array(sides.a), new Float64Array(sides.b)];
  return (probabilities) => {
    takenA.fill(0);
    takenB.fill(0);
    for (const [pair, probability] of probabilities.entries()) {
      const [x, y] = [a[pair] ?? 0, b[pair] ?? 0];
      takenA[x] = (takenA[x] ?? 0) + probability;
      takenB[y] = (takenB[y] ?? 0) + probability;
    }
    const alone = new Float64Array(patterns.levels.length);
    for (const [pair, pattern] of patterns.of.entries()) {
      const taken = Math.max(takenA[a[pair] ?? 0] ?? 0, takenB[b[pair] ?? 0] ?? 0);
      alone[pattern] = (alone[pattern] ?? 0) + Math.max(0, 1 - taken);
    }
    return alone;
  };
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
