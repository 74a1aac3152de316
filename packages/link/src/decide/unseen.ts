import { type Grounds, mayBeOne } from '@throughline/model';

/** The error that is accepted of a link: that it is none. */
export const MOST_FALSE = 0.1;

/** How likely a pair is, and what it rests on. */
export type Likely = Grounds & { readonly probability: number };

/**
 * Whether a night joins a pair without asking its owners. Below `threshold` more would be lost by linking than won,
 * however the errors are.
 */
export const isJoinedUnseen = (pair: Likely, threshold: number): boolean =>
  mayBeOne(pair) && pair.probability >= Math.max(threshold, 1 - MOST_FALSE);
