import { type SafeName, ThroughlineError, type WarningName } from '@throughline/core';
import type { ReadArtifact, Session } from '@throughline/engine';
import type { Space } from '../identify/spaces.js';
import type { PlannedExtract } from '../plan/plan.js';
import { contradictions } from '../scope/scope.js';
import { goneSince, movedSince } from './arrivals.js';
import { type Found, reasonName } from './reasons.js';
import { sameValues } from './same-value.js';
import { unfilled } from './unfilled.js';

/** A delivery that a person has accepted as it is, by the bytes of its files. */
export type Accepted = Readonly<Record<string, string>>;

type Arrived = {
  readonly extracts: readonly PlannedExtract[];
  readonly spaces: readonly Space[];
  readonly today: string;
  /** The last good delivery, if there was one. */
  readonly last: ReadArtifact<'identifiers'> | undefined;
  readonly accepted: Accepted;
  readonly warn: (about: WarningName) => void;
};

/**
 * Holds deliveries that can be read and look wrong, unless a person has accepted these very bytes.
 *
 * @throws ThroughlineError ARRIVAL_HELD with every reason.
 */
export async function requireExpected(session: Session, arrived: Arrived): Promise<void> {
  const { extracts, spaces, last, accepted, warn } = arrived;
  const filling = await unfilled(session, spaces);
  if (filling.thin) warn('identifiers-thin');
  if (extracts.every(({ name, file }) => accepted[name] === file.sha256)) return;
  const moved = last === undefined ? [] : await movedSince(session, last, extracts);
  const gone = last === undefined ? [] : await goneSince(session, last, spaces);
  const same = await sameValues(session, spaces);
  const scope = await contradictions(session, arrived);
  hold([...moved, ...gone, ...same, ...filling.found, ...scope]);
}

/** @throws ThroughlineError ARRIVAL_HELD if there is a reason. */
export function hold(found: readonly Found[]): void {
  if (found.length === 0) return;
  const reasons: readonly SafeName[] = found.map(reasonName);
  throw new ThroughlineError('ARRIVAL_HELD', { reasons });
}
