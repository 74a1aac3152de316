import { addDays, type ReleaseTerms } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';

/**
 * Records of the last days come in late, so those days are counted again and again before they are published.
 *
 * @param days the last day that is counted, and the day of today; ISO dates.
 * @throws ThroughlineError RELEASE_NOT_SETTLED with the first day on which it may be published.
 */
export function requireSettled(
  { settlingDays }: Pick<ReleaseTerms, 'settlingDays'>,
  { last, day }: { readonly last: string; readonly day: string },
): void {
  const settled = addDays(last, settlingDays);
  if (day < settled) throw new ThroughlineError('RELEASE_NOT_SETTLED', { until: safeName(settled) });
}
