import type { Light } from '../night/standing.js';
import type { Night, NightCandidate } from './night.js';

/**
 * What a desk on a host of its own knows of a night: what partners and the linkage unit sent, and what it made of that.
 * Rows, links and deliveries that are held are told where they are, at the partners and at the linkage unit.
 */
export type DeskNight = Pick<
  Night,
  'city' | 'file' | 'synthetic' | 'day' | 'software' | 'measures' | 'agreements' | 'release'
> & {
  readonly partners: readonly DeskPartner[];
  /** What has to come before the desk can count, such as `payload of health`. */
  readonly awaited: readonly string[];
  /** Null until the desk has counted for the first time. */
  readonly candidate: NightCandidate | null;
};

/** How a partner stands by its parcels. */
export type DeskPartner = {
  readonly name: string;
  readonly light: Light;
  /** What is the matter; empty if nothing is. */
  readonly why: string;
};
