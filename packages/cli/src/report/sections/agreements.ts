import {
  count,
  dateInWords,
  figure,
  html,
  isDate,
  type Markup,
  type TableCell,
  table,
  words,
} from '@throughline/pages';
import { EXPIRY_NOTICE_DAYS, expiryOf, untilExpiry } from '../matters.js';
import type { Night, NightAgreement } from '../night.js';
import { section } from './section.js';

const key = ({ expires, id, version }: NightAgreement): string => JSON.stringify([expires, id, version]);

/** Soonest to expire first. */
const sorted = (agreements: readonly NightAgreement[]): readonly NightAgreement[] =>
  [...agreements].sort((a, b) => (key(a) < key(b) ? -1 : Number(key(a) > key(b))));

const lastDay = ({ expires }: NightAgreement): Markup =>
  isDate(expires)
    ? html`<time datetime="${expires}">${dateInWords(expires)}</time>`
    : html`<span>${expires}</span>`;

const standingOf = (agreement: NightAgreement, day: string): Markup => {
  const expiry = expiryOf(agreement, day);
  const until = untilExpiry(agreement, day);
  if (expiry === 'later') return html`<span>in force</span>`;
  return expiry === 'soon'
    ? html`<strong class="expiry soon">expires ${until}</strong>`
    : html`<strong class="expiry grave">${expiry === 'expired' ? `expired ${until}` : until}</strong>`;
};

const cells = (agreement: NightAgreement, day: string): readonly TableCell[] => [
  agreement.title,
  agreement.id,
  count(agreement.version),
  lastDay(agreement),
  standingOf(agreement, day),
];

export const agreementsSection = (night: Night): Markup =>
  section(
    {
      id: 'agreements',
      heading: 'What allows it',
      standing: 'internal',
      says: `Nothing is read, linked or shown outside these agreements. Those with ${count(EXPIRY_NOTICE_DAYS)} days or less to run are marked; on the day after its last day an agreement stops its partner's part of the night.`,
      cannotSay:
        'What an agreement allows in detail: the signed document governs, and anyone can check its signatures without this page.',
    },
    [
      html`<article class="card">${table({
        caption: 'Agreements, the soonest to expire first',
        columns: [
          words('Agreement'),
          words('Identifier'),
          figure('Version'),
          words('Last day'),
          words('Standing'),
        ],
        rows: sorted(night.agreements).map((agreement) => cells(agreement, night.day)),
      })}</article>`,
    ],
  );
