import { type Bearing, type PolicyMeet, thresholdsOf } from './meet.js';

/** What the meet of several agreements says, for people: a line a term, with the documents that set it. */
export function policyWords(bearing: Bearing, meet: PolicyMeet): string[] {
  return [
    `no count below ${meet.minCell} is published: ${thresholdWords(bearing, meet)}`,
    `may be used for ${listed(meet.uses)}: what every agreement permits`,
    `may reach ${listed(meet.recipients)}: whom every agreement lets it reach`,
    ...meet.prohibitions.map(({ prohibition, from }) => `must never serve ${prohibition}: ${listed(from)}`),
    `until ${meet.expires}: ${meet.expiresFrom} ends first`,
  ];
}

const listed = (words: readonly string[]): string => (words.length === 0 ? 'nothing' : words.join(', '));

/** Who asks for the threshold, and what the others would have asked for. */
function thresholdWords(bearing: Bearing, { minCell }: PolicyMeet): string {
  const all = thresholdsOf(bearing);
  const asking = all.filter((each) => each.minCell === minCell).map(({ id }) => id);
  const less = all.filter((each) => each.minCell < minCell).map((each) => `${each.id} ${each.minCell}`);
  return less.length === 0
    ? `${listed(asking)} ask for it`
    : `${listed(asking)}; less would do for ${listed(less)}`;
}
