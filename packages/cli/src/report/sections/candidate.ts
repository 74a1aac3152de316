import { count, counted, dateInWords, html, inSentence, type Markup, nothing } from '@throughline/pages';
import type { ReviewState } from '../../publishing/state.js';
import type { Night, NightCandidate } from '../night.js';
import { cellsOfNight, sumOf } from '../totals.js';
import { section } from './section.js';

type Next = { readonly standing: string; readonly todo: string; readonly command?: string };

/** What each state means to the desk, and the next step; `throughline release review` says the same. */
const NEXT: Readonly<Record<ReviewState, Next>> = {
  pending: {
    standing: 'Nobody asks to publish it.',
    todo: 'Nothing, unless it is time to publish: then ask for its review.',
    command: 'throughline release candidate pipeline.yaml --author NAME',
  },
  submitted: {
    standing: 'It waits for votes.',
    todo: 'Two people who may approve a licence look at it and vote.',
    command: 'throughline release review pipeline.yaml --vote approve --as NAME --key FILE',
  },
  'partially-reviewed': {
    standing: 'One person has voted. The vote is told once the second is in.',
    todo: 'A second person looks at it and votes.',
    command: 'throughline release review pipeline.yaml --vote approve --as NAME --key FILE',
  },
  reviewed: {
    standing: 'Two people have voted, and too few of them approve.',
    todo: 'Look at the votes and their reasons.',
    command: 'throughline release review pipeline.yaml',
  },
  approved: {
    standing: 'It may be published.',
    todo: 'Publish it, or leave it: nothing is published by itself.',
    command: 'throughline release publish pipeline.yaml',
  },
  released: { standing: 'It is published as it lies here.', todo: 'Nothing.' },
  returned: {
    standing: 'Somebody wants it changed.',
    todo: 'Read why, change it, and ask again.',
    command: 'throughline release review pipeline.yaml',
  },
  rejected: {
    standing: 'Somebody does not want it published.',
    todo: 'Read why.',
    command: 'throughline release review pipeline.yaml',
  },
  withdrawn: { standing: 'The request to publish it was taken back.', todo: 'Nothing.' },
};

const newTables = ({ newTables: tables }: NightCandidate): Markup =>
  tables.length === 0
    ? nothing
    : html`<h4>Tables of a shape that nobody has approved yet</h4><ul>${tables.map((name) => html`<li>${inSentence(name)}</li>`)}</ul>`;

const latestWords = ({ latest }: NightCandidate): string =>
  latest === null
    ? 'No release is out yet.'
    : `Release ${latest.number} of ${dateInWords(latest.on)} is the latest that is out.`;

const heldWords = (night: Night): string => {
  const cells = cellsOfNight(night);
  const tables = sumOf(night.measures.map((measure) => measure.tables.length));
  return `${counted(night.measures.length, 'measure', 'measures')} in ${counted(tables, 'table', 'tables')}: ${counted(cells.cells, 'cell', 'cells')}, ${count(cells.withheld)} of them withheld.`;
};

export const candidateSection = (night: Night): Markup => {
  const { candidate } = night;
  const { standing, todo, command } = NEXT[candidate.state];
  const open = candidate.state === 'submitted' || candidate.state === 'partially-reviewed';
  return section(
    {
      id: 'candidate',
      heading: 'The release candidate',
      standing: 'candidate',
      says: 'Every night makes one from the measures, protected. It stays at the desk until people decide to publish it.',
      cannotSay: 'Whether it should be published. The software says what may be; people say what is.',
    },
    [
      html`
<article class="card">
<h3>${standing}</h3>
<p>${heldWords(night)} ${latestWords(candidate)}</p>
${open ? html`<p>Votes: ${count(candidate.votes)} of ${count(candidate.votesNeeded)}.</p>` : nothing}
${newTables(candidate)}
<h4>What to do</h4>
<p>${todo}</p>
${command === undefined ? nothing : html`<pre class="commands">${command}</pre>`}
</article>`,
    ],
  );
};
