import { safeName, ThroughlineError } from '@throughline/core';
import type { HouseholdTerms } from '../documents/household-terms.js';
import type { DocumentSet } from '../documents/set.js';
import { type Day, type PartnerTerms, termsOf } from './in-force.js';

export type HouseholdGrant = PartnerTerms & { readonly households: HouseholdTerms };

/**
 * What the memorandum says of households, if both it and the partner's own agreement grant a household index: that two
 * children live together is more than that two records are one child.
 *
 * @throws ThroughlineError HOUSEHOLDS_NOT_AGREED, USE_NOT_PERMITTED (`household-index`), and as `termsOf`.
 */
export function householdTermsOf(documents: DocumentSet, partner: string, day: Day): HouseholdGrant {
  const terms = termsOf(documents, partner, { day, use: 'household-index' });
  const { document, file } = terms.emou;
  const { households } = document.linkage;
  if (households !== undefined) return { ...terms, households };
  throw new ThroughlineError('HOUSEHOLDS_NOT_AGREED', {
    partner: safeName(partner),
    document: safeName(document.id),
    file,
    clause: safeName('linkage.households'),
  });
}
