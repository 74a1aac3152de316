/**
 * When an amount (hours, dollars) is dominated by few of those who contributed to it, so that one of them, or a
 * reader, can work out another's. Percentages.
 */
export type DominanceRule =
  /** The n largest are more than k % of the whole. */
  | { readonly rule: 'nk'; readonly n: number; readonly k: number }
  /** The second largest knows the largest to within p %: all the others are less than p % of it. */
  | { readonly rule: 'p'; readonly p: number }
  /** The same for somebody who knew every contribution to within q % before. */
  | { readonly rule: 'pq'; readonly p: number; readonly q: number };

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);

const isDominatedBy = (sorted: readonly number[], rule: DominanceRule): boolean => {
  const whole = sum(sorted);
  const rest = whole - sum(sorted.slice(0, 2));
  const largest = sorted[0] ?? 0;
  switch (rule.rule) {
    case 'nk':
      return sum(sorted.slice(0, rule.n)) > (rule.k / 100) * whole;
    case 'p':
      return rest < (rule.p / 100) * largest;
    case 'pq':
      return (rule.q / 100) * rest < (rule.p / 100) * largest;
  }
};

/** A sum with its two largest contributions, which is all that rules of at most two contributors look at. */
export type Summed = { readonly volume: number; readonly largest: number; readonly second: number };

/** @throws RangeError if a rule looks at more than the two largest. */
export const isDominated = (
  { volume, largest, second }: Summed,
  rules: readonly DominanceRule[],
): boolean => {
  if (rules.some((rule) => rule.rule === 'nk' && rule.n > 2))
    throw new RangeError('rules of at most two contributors expected');
  return rules.some((rule) => isDominatedBy([largest, second, volume - largest - second], rule));
};

/** Who contributed how much to a cell. */
export type Contribution = { readonly contributor: string; readonly amount: number };

const byContributor = (contributions: readonly Contribution[]): readonly number[] => {
  const amounts = new Map<string, number>();
  for (const { contributor, amount } of contributions)
    amounts.set(contributor, (amounts.get(contributor) ?? 0) + amount);
  return [...amounts.values()].sort((a, b) => b - a);
};

export type MagnitudeRules = {
  /** The least number of contributors with an amount; fewer are sensitive, none is not. */
  readonly leastContributors: number;
  readonly dominance: readonly DominanceRule[];
};

/**
 * Whether the sum of a cell is sensitive by itself: too few contributed, or one of the rules finds it dominated. A
 * contributor with several records is one (Hundepool et al., Handbook on Statistical Disclosure Control, 4.2).
 *
 * @throws RangeError if an amount is negative or no number, which these rules do not cover.
 */
export const isAmountSensitive = (
  contributions: readonly Contribution[],
  { leastContributors, dominance }: MagnitudeRules,
): boolean => {
  if (!contributions.every(({ amount }) => Number.isFinite(amount) && amount >= 0))
    throw new RangeError('amounts must be numbers, 0 or more');
  const amounts = byContributor(contributions).filter((amount) => amount > 0);
  if (amounts.length === 0) return false;
  return amounts.length < leastContributors || dominance.some((rule) => isDominatedBy(amounts, rule));
};
