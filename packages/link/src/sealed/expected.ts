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

/**
 * Expectation of precision and recall from probabilities that mean what they say. Each pair is a draw of its own, so
 * the number of right links is Poisson-binomial, of variance sum p(1-p); the interval is its normal approximation,
 * with half a link for continuity.
 */
export function expectedOf(all: readonly number[], linked: readonly number[]): Expected {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const spread = (values: readonly number[]) =>
    Z * Math.sqrt(sum(values.map((value) => value * (1 - value)))) + 0.5;
  const [right, matches] = [sum(linked), sum(all)];
  return {
    pairs: all.length,
    matches,
    links: linked.length,
    precision: interval(right, spread(linked), linked.length),
    recall: interval(right, spread(all), matches),
  };
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
