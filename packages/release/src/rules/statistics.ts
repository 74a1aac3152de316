/** What may be asked of a group besides counts. */
export type Statistic = 'mean' | 'median' | 'percentile' | 'standard-deviation' | 'minimum' | 'maximum';

/** The most and the least are somebody's own value, whatever the size of the group. */
const OF_ONE_PERSON: ReadonlySet<Statistic> = new Set(['minimum', 'maximum']);

export type StatisticQuestion = {
  readonly statistic: Statistic;
  /** Persons who have a value. */
  readonly persons: number;
  readonly threshold: number;
  /** For a percentile, which: from 0 to 100. */
  readonly percentile?: number;
};

/**
 * Whether a statistic of a group may be printed: of at least the threshold of persons, never the minimum or maximum,
 * and a percentile only if at least the threshold of persons lie on either side of it. A mean of one value is that
 * value.
 */
export const isStatisticPrinted = ({
  statistic,
  persons,
  threshold,
  percentile,
}: StatisticQuestion): boolean => {
  if (OF_ONE_PERSON.has(statistic) || persons < threshold) return false;
  if (statistic === 'median') return persons >= 2 * threshold;
  if (statistic !== 'percentile') return true;
  const below = (persons * (percentile ?? Number.NaN)) / 100;
  return below >= threshold && persons - below >= threshold;
};
