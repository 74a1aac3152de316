/** What a threshold is expected to do, from the probabilities alone. */
export type Expectation = {
  readonly threshold: number;
  readonly links: number;
  /** Expected share of the links that are right. */
  readonly precision: number;
  /** Expected share of the matches that are linked. */
  readonly recall: number;
};

/** However much is expected of it, a link is more likely right than wrong, or nearly so. */
const LOWEST = 0.3;

/**
 * The threshold of the greatest expected F1 (Lewis 1995: half of that F1), from probabilities that mean what they
 * say; no label is seen. `matches`: how many there are in all, also those that no pass has proposed.
 */
export function bestThreshold(probabilities: Float64Array, matches: number): Expectation {
  const ordered = probabilities.toSorted().reverse();
  let right = 0;
  let best: Expectation = { threshold: 1, links: 0, precision: 1, recall: 0 };
  let most = 0;
  for (const [index, probability] of ordered.entries()) {
    if (probability < LOWEST) break;
    right += probability;
    const links = index + 1;
    const f1 = (2 * right) / (links + Math.max(matches, right));
    if (f1 < most) continue;
    most = f1;
    best = {
      threshold: probability,
      links,
      precision: right / links,
      recall: matches === 0 ? 1 : Math.min(1, right / matches),
    };
  }
  return best;
}

/** What a threshold that is given is expected to do. */
export function expectedAt(threshold: number, probabilities: Float64Array, matches: number): Expectation {
  const linked = probabilities.filter((probability) => probability >= threshold);
  const right = linked.reduce((sum, probability) => sum + probability, 0);
  return {
    threshold,
    links: linked.length,
    precision: linked.length === 0 ? 1 : right / linked.length,
    recall: matches === 0 ? 1 : Math.min(1, right / Math.max(matches, right)),
  };
}
