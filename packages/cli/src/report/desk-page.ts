import {
  counted,
  dateInWords,
  html,
  inSentence,
  inWords,
  type Markup,
  nothing,
  table,
  words,
} from '@throughline/pages';
import type { DeskNight, DeskPartner } from './desk-night.js';
import { framed } from './frame.js';
import { agreementMatters, graveFirst, type Matter } from './matters.js';
import { agreementsSection } from './sections/agreements.js';
import { candidateSection } from './sections/candidate.js';
import { headlines, matterList } from './sections/glance.js';
import { measuresSection } from './sections/measures.js';
import { section } from './sections/section.js';
import { withheldSection } from './sections/withheld.js';

const GLANCE = ['glance', 'At a glance'] as const;
const ARRIVED = ['arrived', 'What arrived'] as const;
const COUNTED = [
  ['measures', 'Measures'],
  ['candidate', 'Release candidate'],
  ['withheld', 'Withheld'],
] as const;
const AGREEMENTS = ['agreements', 'Agreements'] as const;

/** Lights with which older data are in use and nobody has to do anything. */
const CALM: readonly DeskPartner['light'][] = ['OK', 'RESTING'];

const partnerMatters = ({ name, light, why }: DeskPartner): readonly Matter[] =>
  light === 'OK'
    ? []
    : [
        {
          grave: !CALM.includes(light),
          words: `${light}: ${inSentence(name)}${why === '' ? '' : `: ${why}`}.`,
        },
      ];

/** What needs a person, the grave first. */
export const mattersOfDesk = (night: DeskNight): readonly Matter[] =>
  graveFirst([
    ...night.awaited.map((what) => ({ grave: true, words: `Waits for the ${what}.` })),
    ...night.partners.flatMap(partnerMatters),
    ...agreementMatters(night),
  ]);

function lede(night: DeskNight): string {
  const on = `On ${dateInWords(night.day)}`;
  const made = counted(night.measures.length, 'measure', 'measures');
  if (night.candidate === null) return `${on}, the desk could not count yet.`;
  return night.awaited.length === 0
    ? `${on}, the desk counted ${made} from what ${counted(night.partners.length, 'partner', 'partners')} sent.`
    : `${on}, the desk counted nothing, as not all has come: the ${made} here are of an earlier night.`;
}

const glance = (night: DeskNight): Markup => html`
<section id="glance" aria-labelledby="glance-heading">
<h2 id="glance-heading">The night at a glance</h2>
<p class="lede">${lede(night)}</p>
${matterList(mattersOfDesk(night))}
${headlines(night.measures)}
<p class="cannot"><strong>How to read this page.</strong> It is of the desk alone: rows and links are told where they are,
at the partners and at the linkage unit. The measures are the protected release candidate: what would be published if
two people agreed to. This page itself is a working paper and is not a release.</p>
</section>`;

const partnerRow = ({ name, light, why }: DeskPartner) => [inWords(name), light, why];

const awaitedCard = (awaited: readonly string[]): Markup =>
  awaited.length === 0
    ? nothing
    : html`
<article class="card">
<h3>What is waited for</h3>
<ul>${awaited.map((what) => html`<li>${what}</li>`)}</ul>
<p>Nothing is counted before it is there. Until then the last good candidate stands. See why its host did not send it.</p>
</article>`;

const arrivedSection = ({ partners, awaited }: DeskNight): Markup =>
  section(
    {
      id: ARRIVED[0],
      heading: 'What arrived',
      standing: 'internal',
      says: 'How each partner stands by its parcels. A delivery that is held is decided by its owner, at the owner; until then the data before it stay in use.',
      cannotSay:
        'What was in the files of a partner, and what of it was linked: that is told at its host and at the linkage unit.',
    },
    [
      html`<div class="cards">${[
        awaitedCard(awaited),
        html`<article class="card">${table({
          caption: 'Partners by their parcels',
          columns: [words('Partner'), words('Standing'), words('Why')],
          rows: partners.map(partnerRow),
        })}</article>`,
      ]}</div>`,
    ],
  );

const countedSections = (night: DeskNight): Markup => {
  const { candidate } = night;
  return candidate === null
    ? nothing
    : html`${measuresSection(night)}
${candidateSection({ ...night, candidate })}
${withheldSection(night)}`;
};

/** The night of a desk on a host of its own, as one HTML file like that of the hub. */
export const renderDeskReport = (night: DeskNight): string =>
  framed(night, {
    contents: [GLANCE, ARRIVED, ...(night.candidate === null ? [] : COUNTED), AGREEMENTS],
    sections: html`${glance(night)}
${arrivedSection(night)}
${countedSections(night)}
${agreementsSection(night)}`,
  });
