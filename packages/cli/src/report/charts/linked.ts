import {
  chart,
  count,
  html,
  inSentence,
  inWords,
  type Key,
  label,
  type Markup,
  percentOf,
  ROW_HEIGHT,
  segments,
  stacked,
} from '@throughline/pages';
import type { NightPartner } from '../night.js';

export const linkedKeys: readonly Key[] = [
  { kind: 'linked', meaning: 'linked to a record of another partner' },
  { kind: 'track', meaning: 'not linked' },
  { kind: 'unlinkable', meaning: 'cannot be linked: too few identifiers' },
];

const partnerRow = ({ name, records, linked, unlinkable }: NightPartner): Markup => {
  const whole = Math.max(records, linked + unlinkable, 1);
  const parts = [
    { kind: 'linked', share: linked / whole },
    { kind: 'track', share: Math.max(0, whole - linked - unlinkable) / whole },
    { kind: 'unlinkable', share: unlinkable / whole },
  ];
  const figure = html`<tspan class="strong">${percentOf(linked, records)}</tspan> of ${count(records)}`;
  return html`${label(inWords(name), figure)}${segments(parts)}`;
};

const inOneClause = ({ name, records, linked, unlinkable }: NightPartner): string =>
  `${inSentence(name)} ${percentOf(linked, records)} of ${count(records)}, ${count(unlinkable)} cannot be linked`;

export const linkedChart = (partners: readonly NightPartner[], id: string): Markup =>
  chart(
    {
      id,
      title: 'Share of records linked, by partner',
      description: `Records linked to a record of another partner: ${partners.map(inOneClause).join('; ')}.`,
    },
    partners.length * ROW_HEIGHT,
    stacked(partners.map(partnerRow)),
  );
