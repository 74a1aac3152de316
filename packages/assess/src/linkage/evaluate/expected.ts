import type { SealingPass } from '@throughline/agreement';
import { addedUp, expectedOf, type Interval } from '@throughline/model';
import { type MetBy, unmetShare } from './unmet.js';

/** What the model expects of its own links, with 95 % intervals. */
export type Expected = {
  /** Share of the links that are right. */
  readonly precision: number;
  readonly precision_low: number;
  readonly precision_high: number;
  /** Share of all matches that are linked, those that no pass brought together included. */
  readonly recall: number;
  readonly recall_low: number;
  readonly recall_high: number;
  /** Matches that no pass is expected to have brought together. */
  readonly unmet: number;
};

/** Pairs that met: how likely each is a match, and by which passes, one bit each. */
export type MetPairs = { readonly probabilities: Float64Array; readonly passes: readonly bigint[] };

type Expecting = {
  readonly met: readonly MetPairs[];
  /** Probabilities of the links. */
  readonly linked: readonly number[];
  readonly passes: readonly SealingPass[];
  /** The most matches that there can be: of two sources, the persons of the smaller. */
  readonly most: number;
};

/** As the linkage unit expects it of pairs that met, and the matches that did not meet beside them. */
export function expectedOfAll({ met, linked, passes, most }: Expecting): Expected {
  const { matches, precision, recall } = expectedOf(
    addedUp(met.flatMap(({ probabilities }) => [...probabilities])),
    addedUp(linked),
  );
  const missed = unmetShare(passes, metBy(met));
  const unmet = (share: number) => Math.min(Math.max(0, most - matches), (matches * share) / (1 - share));
  const ofAll = (ofMet: number, share: number) =>
    matches === 0 ? ofMet : (ofMet * matches) / (matches + unmet(share));
  return {
    ...named('precision', precision),
    ...named('recall', {
      value: ofAll(recall.value, missed.value),
      low: ofAll(recall.low, missed.high),
      high: ofAll(recall.high, missed.low),
    }),
    unmet: matches === 0 ? 0 : unmet(missed.value),
  };
}

type Named<Rate extends string> = Readonly<Record<Rate | `${Rate}_low` | `${Rate}_high`, number>>;

const named = <Rate extends string>(rate: Rate, { value, low, high }: Interval): Named<Rate> =>
  ({ [rate]: value, [`${rate}_low`]: low, [`${rate}_high`]: high }) as Named<Rate>;

/** Matches by the passes that brought them together. */
function metBy(met: readonly MetPairs[]): MetBy[] {
  const matches = new Map<bigint, number>();
  for (const { probabilities, passes } of met) {
    for (const [pair, probability] of probabilities.entries()) {
      const by = passes[pair] ?? 0n;
      matches.set(by, (matches.get(by) ?? 0) + probability);
    }
  }
  return [...matches].map(([by, of]) => ({ passes: by, matches: of }));
}
