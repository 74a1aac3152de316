import type { CalibrationRow } from './linkage-night.js';
import type { Settled } from './reviews.js';

/** Upper ends of bands of probability; the last holds 1. */
const BANDS = [0.3, 0.5, 0.7, 0.9, 1] as const;

export type Judged = { readonly a: string; readonly b: string; readonly probability: number };

/**
 * Sets what owners said of pairs beside what the model had made of them: in each band the sum of the probabilities, and
 * how many were said to be one person. A pair of which owners said something and that did not meet is left out.
 */
export function calibrationOf(said: readonly Settled[], judged: readonly Judged[]): CalibrationRow[] {
  const keyOf = ({ a, b }: { readonly a: string; readonly b: string }) => [a, b].sort().join(' ');
  const known = new Map(judged.map((pair) => [keyOf(pair), pair.probability]));
  const seen = said.flatMap((pair) => {
    const probability = known.get(keyOf(pair));
    return probability === undefined ? [] : [{ probability, same: pair.same }];
  });
  return BANDS.flatMap((to, place): CalibrationRow[] => {
    const from = BANDS[place - 1] ?? 0;
    const own = seen.filter(
      ({ probability }) => probability >= from && (probability < to || to === BANDS.at(-1)),
    );
    if (own.length === 0) return [];
    return [
      {
        from,
        to,
        pairs: own.length,
        expected: own.reduce((sum, { probability }) => sum + probability, 0),
        found: own.filter(({ same }) => same).length,
      },
    ];
  });
}
