import { safeName, ThroughlineError } from '@throughline/core';
import type { OutputArtifact, ReadArtifact } from '@throughline/engine';
import type { Card } from './requirements.js';

/*
 * Whoever holds the agreement's key could send file after file and read from the totals whether a child is at another
 * partner. So a partner delivers once a night, again after a mistake, and no more.
 */
export const MOST_A_DAY = 4;
export const MOST_AN_EPOCH = 800;

/** How often a partner has delivered something new. */
export type Delivered = { readonly epoch: number; readonly day: number };

type Counting = {
  readonly of: string;
  readonly day: string;
  readonly card: Card;
  readonly previous: ReadArtifact<'tokens'> | undefined;
};

/** The counts with this delivery. @throws ThroughlineError DELIVERIES_OVER_LIMIT */
export function countDelivery({ of, day, card, previous }: Counting): Delivered {
  const { producedBy, counts = [] } = previous?.manifest ?? {};
  const sameEpoch = producedBy?.keyCheck?.value === card.check;
  const counted = (name: string, on?: string): number =>
    sameEpoch ? (counts.find((each) => each.name === name && each.by?.['day'] === on)?.value ?? 0) : 0;
  const delivered = { epoch: counted('deliveries') + 1, day: counted('deliveries', day) + 1 };
  if (delivered.day > MOST_A_DAY || delivered.epoch > MOST_AN_EPOCH) {
    throw new ThroughlineError('DELIVERIES_OVER_LIMIT', {
      of: safeName(of),
      a_day: MOST_A_DAY,
      an_epoch: MOST_AN_EPOCH,
    });
  }
  return delivered;
}

/** Notes the counts in the artifact that is kept. */
export function noteDelivery(
  kept: OutputArtifact<'tokens'>,
  { epoch, day: ofDay }: Delivered,
  day: string,
): void {
  kept.count('deliveries', epoch);
  kept.count('deliveries', ofDay, { day });
}
