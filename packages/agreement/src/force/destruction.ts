import { isRefused } from '../approvals/standing.js';
import type { Dsa } from '../documents/documents.js';
import type { Filed } from '../documents/set.js';
import type { Day } from './in-force.js';

/** What an agreement says of the destruction of a partner's records, on one day. */
export type DestructionDuty = {
  /** The last day on which the records may be there for their purpose. */
  readonly ends: Day;
  /** The last day on which they may still be there at all. */
  readonly by: Day;
  /** `none` while the agreement is in force, then `due`, and `overdue` from the day after `by`. */
  readonly standing: 'none' | 'due' | 'overdue';
};

/**
 * When a partner's records must be destroyed: within so many days of the end of its agreement, which is its last
 * day, or the day before the first on which its revocation counts (34 CFR 99.31(a)(6)(iii)(C)(4), 99.35(a)(3)).
 */
export function destructionDuty(dsa: Filed<Dsa>, day: Day): DestructionDuty {
  const ends = endOf(dsa, day);
  const by = addDays(ends, dsa.document.destruction.within_days);
  return { ends, by, standing: day <= ends ? 'none' : day <= by ? 'due' : 'overdue' };
}

function endOf({ document, standing }: Filed<Dsa>, day: Day): Day {
  if (document.status === 'revoked') return addDays(document.effective, -1);
  if (!isRefused(standing) || standing.refusal.code !== 'AGREEMENT_REVOKED') return document.expires;
  const from = String(standing.refusal.details['from'] ?? day);
  const last = addDays(from, -1);
  return last < document.expires ? last : document.expires;
}

const MS_PER_DAY = 86_400_000;

export const addDays = (day: Day, days: number): Day =>
  new Date(Date.parse(day) + days * MS_PER_DAY).toISOString().slice(0, 10);
