import {
  count,
  dateInWords,
  figure,
  html,
  isDate,
  type Markup,
  type Table,
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

const HEADS = [
  words('Agreement'),
  words('Identifier'),
  figure('Version'),
  words('Last day'),
  words('Standing'),
];

const tableOf = (caption: string, agreements: readonly NightAgreement[], day: string): Table => ({
  caption,
  columns: HEADS,
  rows: agreements.map((agreement) => cells(agreement, day)),
});

const endingCard = (ending: readonly NightAgreement[], day: string): Markup => html`
<article class="card">
<h3>Ending within ${count(EXPIRY_NOTICE_DAYS)} days</h3>
${
  ending.length === 0
    ? html`<p>None.</p>`
    : html`<p>Renew in time: a new version needs the signatures of the old one and its own. On the day after its last day an agreement stops its partner's part of the night.</p>
${table(tableOf('Agreements that end soon or have ended', ending, day))}`
}
</article>`;

export const agreementsSection = ({ agreements, day }: Pick<Night, 'agreements' | 'day'>): Markup => {
  const all = sorted(agreements);
  const ending = all.filter((agreement) => expiryOf(agreement, day) !== 'later');
  return section(
    {
      id: 'agreements',
      heading: 'What allows it',
      standing: 'internal',
      says: 'Nothing is read, linked or shown outside these agreements.',
      cannotSay:
        'What an agreement allows in detail: the signed document governs, and anyone can check its signatures without this page.',
    },
    [
      html`<div class="cards">${[
        endingCard(ending, day),
        html`<article class="card">${table(tableOf('Agreements, the soonest to expire first', all, day))}</article>`,
      ]}</div>`,
    ],
  );
};
