import type { DominanceRule, RateMode, ReleaseRules, Rounding, ZeroCounts } from '../documents/terms.js';
import { type Bearing, documentsOf } from './meet.js';

/** How the tables of a release are protected: the strictest of each rule over every agreement that bears on it. */
export type Protection = {
  /** People between the least and the most that a withheld count may be, to anybody: the highest of all. */
  readonly minIntervalWidth: number;
  readonly rateDecimals: number;
  readonly zeroCounts: ZeroCounts;
  readonly rateMode: RateMode;
  /** The coarsest of all; null where none asks for any. */
  readonly rounding: Rounding | null;
  /** Every rule of any agreement. */
  readonly dominance: readonly DominanceRule[];
  /** Days between the last day that is counted and the first on which it may be published: the most of all. */
  readonly settlingDays: number;
};

/** A memorandum, agreement or licence has these in its thresholds, a release policy has them itself. */
const rulesIn = (document: ReturnType<typeof documentsOf>[number]): ReleaseRules =>
  document.kind === 'release-policy' ? document : document.thresholds;

/** @throws RangeError if no release policy is among the documents. */
export function protectionOf(bearing: Bearing): Protection {
  const { policy } = bearing;
  if (policy === undefined) throw new RangeError('protectionOf: a release policy expected');
  const all = documentsOf(bearing).map(rulesIn);
  return {
    minIntervalWidth: Math.max(...all.flatMap((each) => each.min_interval_width ?? [])),
    rateDecimals: Math.min(...all.flatMap((each) => each.rate_decimals ?? [])),
    zeroCounts: all.some((each) => each.zero_counts === 'publish-structural')
      ? 'publish-structural'
      : 'publish-always',
    rateMode: all.some((each) => each.rate_mode === 'nces-2011-603') ? 'nces-2011-603' : 'exact',
    rounding: coarsest(all.flatMap((each) => each.rounding ?? [])),
    dominance: unique(all.flatMap((each) => each.dominance ?? [])),
    settlingDays: Math.max(0, ...all.flatMap((each) => each.settling_days ?? [])),
  };
}

const baseOf = (rounding: Rounding): number => (rounding.rule === 'midpoint6' ? 6 : rounding.base);

/** Of two with one base midpoints, which tell none from few. */
const coarsest = (all: readonly Rounding[]): Rounding | null =>
  all.toSorted((a, b) => baseOf(b) - baseOf(a) || (a.rule < b.rule ? -1 : 1))[0] ?? null;

const unique = (rules: readonly DominanceRule[]): readonly DominanceRule[] => [
  ...new Map(rules.map((rule) => [JSON.stringify(rule), rule])).values(),
];
