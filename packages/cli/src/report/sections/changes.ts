import { dateInWords, html, type Markup } from '@throughline/pages';
import type { Night, NightChanges } from '../night.js';
import { section } from './section.js';

const list = (changes: NightChanges): Markup => {
  if (changes === null) return html`<p>This is the first report: there is none to compare it with.</p>`;
  if (changes.words.length === 0) return html`<p>Nothing that a person would remark on has changed.</p>`;
  return html`<ul class="sentences">${changes.words.map((words) => html`<li>${words}</li>`)}</ul>`;
};

export const changesSection = ({ changes }: Night): Markup =>
  section(
    {
      id: 'changes',
      heading: 'What has changed',
      standing: 'internal',
      says:
        changes === null
          ? 'From the next report on, this page says in words what is other than before.'
          : `Compared with the report of ${dateInWords(changes.since)}: what is held, rows and links of each partner, persons, measures, the release and agreements.`,
      cannotSay:
        'Why something changed, nor anything that moved by little: rows by less than 5%, or shares of linked or rejected rows by less than 2 points.',
    },
    [html`<article class="card">${list(changes)}</article>`],
  );
