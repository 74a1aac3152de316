/** What a model expects of the links between two sources, with 95 % intervals. */
export type Expected = {
  readonly pairs: number;
  /** Matches among the pairs that met. */
  readonly matches: number;
  readonly links: number;
  readonly precision: Interval;
  /** Of the matches that met; what no pass brought together is not in it. */
  readonly recall: Interval;
};
export type Interval = { readonly value: number; readonly low: number; readonly high: number };

/** 97.5 % of the standard normal distribution lies below. */
const Z = 1.96;

/** Probabilities of some pairs, added up; `variance` of the number of matches among them is the sum of p(1-p). */
export type Added = { readonly count: number; readonly sum: number; readonly variance: number };

export const addedUp = (probabilities: readonly number[]): Added => ({
  count: probabilities.length,
  sum: probabilities.reduce((sum, each) => sum + each, 0),
  variance: probabilities.reduce((sum, each) => sum + each * (1 - each), 0),
});

/**
 * Expectation of precision and recall from probabilities that mean what they say. Each pair is a draw of its own, so
 * the number of right links is Poisson-binomial; the interval is its normal approximation, with half a link for
 * continuity.
 */
export function expectedOf(all: Added, linked: Added): Expected {
  const spread = ({ variance }: Added) => Z * Math.sqrt(Math.max(0, variance)) + 0.5;
  return {
    pairs: all.count,
    matches: all.sum,
    links: linked.count,
    precision: interval(linked.sum, spread(linked), linked.count),
    recall: interval(linked.sum, spread(all), all.sum),
  };
}

/** What is told of the links of some children, person by person added up: in parts of a match, and no variance. */
export type ToldSums = {
  readonly links: number;
  readonly falseLinks: number;
  readonly missed: number;
  /** Sums over persons of false links times links, and of missed matches times the greater of them and one. */
  readonly together: { readonly falseLinks: number; readonly missed: number };
};

/**
 * The same of sums that were rounded to parts of a match. p(1-p) is not told, and is no more than the smaller of the two.
 * Links of one person may all be false for one reason, so their errors are held to come together: a number from 0 to k with
 * mean e has a variance of k e at most. Rounding v to parts of 1/n adds v/n at most. What is told as nothing may be less than a
 * part, so that there is held to be one part more of either.
 */
export function expectedOfSums(
  { links, falseLinks, missed, together }: ToldSums,
  parts: number,
): Omit<Expected, 'pairs'> {
  const right = Math.max(0, links - falseLinks);
  const part = 1 / parts;
  const spreadOf = (atOnce: number, sum: number) => atOnce + part + (sum + part) * part;
  const ofLinks = spreadOf(together.falseLinks, falseLinks);
  const { pairs, ...expected } = expectedOf(
    { count: links, sum: right + missed, variance: ofLinks + spreadOf(together.missed, missed) },
    { count: links, sum: right, variance: ofLinks },
  );
  return expected;
}

function interval(right: number, spread: number, of: number): Interval {
  if (of === 0) return { value: 1, low: 0, high: 1 };
  const bounded = (value: number) => Math.min(1, Math.max(0, value));
  return {
    value: bounded(right / of),
    low: bounded((right - spread) / of),
    high: bounded((right + spread) / of),
  };
}
