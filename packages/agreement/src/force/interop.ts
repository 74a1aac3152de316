import { safeName, ThroughlineError } from '@throughline/core';
import type { InteropProfile, InteropTerms } from '../documents/interop-terms.js';
import type { PartnerTerms } from './in-force.js';

type TermsOf<Profile extends InteropProfile> = Extract<InteropTerms[number], { readonly profile: Profile }>;

/**
 * The terms of a profile, if both the memorandum and the partner's own agreement consent to it.
 *
 * @throws ThroughlineError PROFILE_NOT_AGREED with the document that does not.
 */
export function interopTermsOf<Profile extends InteropProfile>(
  { emou, dsa }: PartnerTerms,
  profile: Profile,
): TermsOf<Profile> {
  const agreed = emou.document.linkage.interop?.find(
    (terms): terms is TermsOf<Profile> => terms.profile === profile,
  );
  const consents = dsa.document.weaker_encodings?.includes(profile) === true;
  if (agreed !== undefined && consents) return agreed;
  const [{ document, file }, clause] =
    agreed === undefined ? ([emou, 'linkage.interop'] as const) : ([dsa, 'weaker_encodings'] as const);
  throw new ThroughlineError('PROFILE_NOT_AGREED', {
    profile: safeName(profile),
    document: safeName(document.id),
    file,
    clause: safeName(clause),
  });
}
