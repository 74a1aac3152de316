import type { DominanceRule, Rounding } from '../documents/terms.js';
import { type Bearing, type PolicyMeet, thresholdsOf } from './meet.js';
import type { Protection } from './rules.js';

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

/** How a release is protected under several agreements, for people: a line a rule. */
export const protectionWords = (protection: Protection): string[] => [
  `a withheld count may be anything within ${protection.minIntervalWidth}`,
  protection.zeroCounts === 'publish-structural'
    ? 'a group whose members are all alike is withheld'
    : 'a 0 is printed wherever it is',
  protection.rateMode === 'exact'
    ? `rates have ${protection.rateDecimals} decimals`
    : 'no count of an outcome is printed, and rates are ranges by size of group',
  ...(protection.rounding === null ? [] : [`counts are rounded ${roundingWords(protection.rounding)}`]),
  ...(protection.settlingDays === 0
    ? []
    : [`published ${protection.settlingDays} days after the last day that is counted, or later`]),
  `a sum is withheld where ${protection.dominance.map(dominanceWords).join(', or ')}`,
];

const roundingWords = (rounding: Rounding): string =>
  rounding.rule === 'midpoint6' ? 'to midpoints of six (3, 9, 15)' : `to the nearest ${rounding.base}`;

const dominanceWords = (rule: DominanceRule): string =>
  rule.rule === 'nk'
    ? `${rule.n} add more than ${rule.k} % of it`
    : `the second of those who add most knows the first to within ${rule.p} %`;
