import { counted, dateInWords, daysBetween, inSentence } from '@throughline/pages';
import type { Night, NightAgreement, NightPartner } from './night.js';
import { rowsOfExtract, unaccounted } from './totals.js';

/** Renewals take two boards and a lawyer: a quarter is little time. */
export const EXPIRY_NOTICE_DAYS = 90;

/** Something that a person should look at. `grave` if the night or the next one is wrong without them. */
export type Matter = { readonly grave: boolean; readonly words: string };

export type Expiry = 'expired' | 'soon' | 'later' | 'unreadable';

export const expiryOf = (agreement: Pick<NightAgreement, 'expires'>, day: string): Expiry => {
  const days = daysBetween(day, agreement.expires);
  if (days === null) return 'unreadable';
  if (days < 0) return 'expired';
  return days <= EXPIRY_NOTICE_DAYS ? 'soon' : 'later';
};

/** "in 12 days", "today", "3 days ago". */
export const untilExpiry = (agreement: NightAgreement, day: string): string => {
  const days = daysBetween(day, agreement.expires);
  if (days === null) return 'date not readable';
  if (days === 0) return 'today';
  return days > 0 ? `in ${counted(days, 'day', 'days')}` : `${counted(-days, 'day', 'days')} ago`;
};

const agreementMatter = (agreement: NightAgreement, day: string): readonly Matter[] => {
  const expiry = expiryOf(agreement, day);
  const on = dateInWords(agreement.expires);
  const when = `${on}, ${untilExpiry(agreement, day)}`;
  if (expiry === 'later') return [];
  if (expiry === 'soon') return [{ grave: false, words: `${agreement.title} expires on ${when}.` }];
  if (expiry === 'expired') return [{ grave: true, words: `${agreement.title} expired on ${when}.` }];
  return [{ grave: true, words: `${agreement.title}: its last day cannot be read.` }];
};

/** Agreements that end within a quarter, or have ended. */
export const agreementMatters = ({ agreements, day }: Pick<Night, 'agreements' | 'day'>): readonly Matter[] =>
  agreements.flatMap((agreement) => agreementMatter(agreement, day));

const extractMatters = (partner: NightPartner): readonly Matter[] =>
  partner.extracts.flatMap((extract) => {
    const where = `${inSentence(extract.name)} of ${inSentence(partner.name)}`;
    const adrift = unaccounted(rowsOfExtract(extract));
    if (extract.rowsIn === 0) return [{ grave: true, words: `No rows came in ${where}.` }];
    if (adrift > 0) {
      return [{ grave: true, words: `${counted(adrift, 'row', 'rows')} unaccounted for in ${where}.` }];
    }
    return adrift < 0
      ? [{ grave: true, words: `${counted(-adrift, 'row', 'rows')} counted twice in ${where}.` }]
      : [];
  });

const standingMatters = ({ name, standing }: NightPartner): readonly Matter[] => {
  const stale = `its data of ${dateInWords(standing.since)} stay in use`;
  if (standing.state === 'current') return [];
  if (standing.state === 'resting')
    return [{ grave: false, words: `Nothing new came from ${inSentence(name)}: ${stale}.` }];
  const why = standing.reasons.map(inSentence).join(', ');
  return [{ grave: true, words: `HELD: ${inSentence(name)} (${standing.hold}): ${why}; STALE: ${stale}.` }];
};

const partnerMatters = (partner: NightPartner): readonly Matter[] => [
  ...standingMatters(partner),
  ...(partner.extracts.length === 0
    ? [{ grave: true, words: `Nothing came from ${inSentence(partner.name)}.` }]
    : extractMatters(partner)),
];

/** The grave first; within each, in the order given. */
export const graveFirst = (matters: readonly Matter[]): readonly Matter[] => [
  ...matters.filter(({ grave }) => grave),
  ...matters.filter(({ grave }) => !grave),
];

/** What needs a person, the grave first; within each, in the order of the night. */
export const mattersOf = (night: Night): readonly Matter[] =>
  graveFirst([
    ...night.partners.flatMap(partnerMatters),
    ...night.warnings.map((words) => ({ grave: true, words })),
    ...agreementMatters(night),
  ]);
