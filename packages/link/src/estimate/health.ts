import {
  type Candidates,
  type Comparison,
  type ComparisonName,
  type Estimate,
  MISSING,
  perLevel,
} from '@throughline/model';

/** What is doubtful about an estimate. `stop`: its probabilities do not mean what they say; `warn`: look at it. */
export type HealthFinding = {
  readonly severity: 'stop' | 'warn';
  readonly finding: FindingName;
  readonly words: string;
  readonly comparisons: readonly ComparisonName[];
  readonly level: string | null;
  readonly value: number;
};

export type FindingName =
  | 'prior too high'
  | 'households found'
  | 'first name seldom equal'
  | 'untrained level'
  | 'dependent fields';

/** An estimate; `given`: its model was learned elsewhere and is not to be judged by these candidates. */
type Judged = Estimate & { readonly given?: boolean };

/** Of the persons of the smaller source; belief propagation may give some more than one match, by a little, in cycles. */
const MOST_MATCHED = 1.05;
/** Same persons have one first name; where fewer do, EM may have found households or namesakes. */
const LEAST_FIRST_EQUAL = 0.6;
/**
 * Hardly any records of one person have first names with nothing in common (one in thirty, as published; a missing
 * name shows as one). Where so many do, what was found are the households.
 */
const MOST_FIRST_DIFFERS = 0.3;
/** Fewer expected matches than this tell no household from a person. */
const LEAST_JUDGED = 50;
/** Fewer expected matches than this say nothing about a level; its m is the prior's. */
const LEAST_TRAINING = 5;
/** Correlation (phi) of two disagreements among likely matches from which they count twice. */
const DEPENDENT = 0.5;
/** Matches must be so many for a correlation to be told from chance. */
const LEAST_MATCHES = 200;

/** Judges an estimate by what it says itself; needs no label. */
export function healthOf(
  comparisons: readonly Comparison[],
  candidates: readonly Candidates[],
  estimate: Judged,
): HealthFinding[] {
  const shown = matchPatterns(candidates, estimate);
  return [
    ...tooManyMatches(candidates, estimate),
    ...householdsFound(comparisons, shown),
    ...(estimate.given === true ? [] : seldomEqual(comparisons, estimate)),
    ...(estimate.given === true ? [] : untrained(comparisons, shown)),
    ...dependent(comparisons, shown),
  ];
}

type Shown = readonly { readonly levels: Uint8Array; readonly matches: number }[];

/** The patterns of all candidates, with the matches expected among each. */
function matchPatterns(candidates: readonly Candidates[], { between }: Estimate): Shown {
  return candidates.flatMap(({ patterns }, place) => {
    const matches = new Float64Array(patterns.levels.length);
    const probabilities = between[place]?.probabilities ?? [];
    for (const [pair, pattern] of patterns.of.entries()) {
      matches[pattern] = (matches[pattern] ?? 0) + (probabilities[pair] ?? 0);
    }
    return patterns.levels.map((levels, pattern) => ({ levels, matches: matches[pattern] ?? 0 }));
  });
}

function tooManyMatches(candidates: readonly Candidates[], { between }: Estimate): HealthFinding[] {
  return candidates.flatMap(({ sides, oneToOne }, place): HealthFinding[] => {
    const share = (between[place]?.matches ?? 0) / Math.max(1, Math.min(sides.a, sides.b));
    if (!oneToOne || share <= MOST_MATCHED) return [];
    return [
      {
        severity: 'stop',
        finding: 'prior too high',
        words: 'more matches are estimated than the smaller source has persons',
        comparisons: [],
        level: null,
        value: share,
      },
    ];
  });
}

/** Judged by the expected matches themselves, so also where the model was given. */
function householdsFound(comparisons: readonly Comparison[], shown: Shown): HealthFinding[] {
  const first = comparisons.findIndex(({ name }) => name === 'first');
  const differs = (comparisons[first]?.levels.length ?? 0) - 1;
  let [all, differing] = [0, 0];
  for (const { levels, matches } of shown) {
    if (first < 0 || levels[first] === MISSING) continue;
    all += matches;
    if (levels[first] === differs) differing += matches;
  }
  if (all < LEAST_JUDGED || differing <= MOST_FIRST_DIFFERS * all) return [];
  return [
    {
      severity: 'stop',
      finding: 'households found',
      words:
        'the pairs that are held to be one child have first names with nothing in common: brothers and sisters were found, not children',
      comparisons: ['first'],
      level: 'differs',
      value: differing / all,
    },
  ];
}

function seldomEqual(comparisons: readonly Comparison[], { m }: Estimate): HealthFinding[] {
  const first = comparisons.findIndex(({ name }) => name === 'first');
  const equal = (m[first]?.[0] ?? 1) + (m[first]?.[1] ?? 0);
  if (first < 0 || equal >= LEAST_FIRST_EQUAL) return [];
  return [
    {
      severity: 'warn',
      finding: 'first name seldom equal',
      words:
        'so few matches have one first name that households or namesakes may have been found, not persons',
      comparisons: ['first'],
      level: 'equal',
      value: equal,
    },
  ];
}

function untrained(comparisons: readonly Comparison[], shown: Shown): HealthFinding[] {
  const seen = perLevel(comparisons);
  const occurs = perLevel(comparisons);
  for (const { levels, matches } of shown) {
    for (const [comparison, level] of levels.entries()) {
      const [of, in_] = [seen[comparison], occurs[comparison]];
      if (level === MISSING || of === undefined || in_ === undefined) continue;
      of[level] = (of[level] ?? 0) + matches;
      in_[level] = 1;
    }
  }
  return comparisons.flatMap(({ name, levels }, comparison) =>
    levels.flatMap((level, place): HealthFinding[] => {
      const matches = seen[comparison]?.[place] ?? 0;
      if (occurs[comparison]?.[place] !== 1 || matches >= LEAST_TRAINING) return [];
      return [
        {
          severity: 'warn',
          finding: 'untrained level',
          words: 'too few matches show this level; how often they do is the published value',
          comparisons: [name],
          level,
          value: matches,
        },
      ];
    }),
  );
}

function dependent(comparisons: readonly Comparison[], shown: Shown): HealthFinding[] {
  return comparisons.flatMap(({ name }, one) =>
    comparisons.slice(one + 1).flatMap((other, offset): HealthFinding[] => {
      const value = phiOf(shown, one, one + 1 + offset);
      if (value < DEPENDENT) return [];
      return [
        {
          severity: 'warn',
          finding: 'dependent fields',
          words: 'two fields of a match disagree together, so that one piece of evidence counts twice',
          comparisons: [name, other.name],
          level: null,
          value,
        },
      ];
    }),
  );
}

/** Correlation of not being equal in one comparison and in another, over the expected matches. */
function phiOf(shown: Shown, one: number, other: number): number {
  let [all, first, second, both] = [0, 0, 0, 0];
  for (const { levels, matches } of shown) {
    const [x, y] = [levels[one] ?? MISSING, levels[other] ?? MISSING];
    if (x === MISSING || y === MISSING) continue;
    all += matches;
    if (x > 0) first += matches;
    if (y > 0) second += matches;
    if (x > 0 && y > 0) both += matches;
  }
  if (all < LEAST_MATCHES) return 0;
  const [p, q] = [first / all, second / all];
  const spread = Math.sqrt(p * (1 - p) * q * (1 - q));
  return spread === 0 ? 0 : (both / all - p * q) / spread;
}
