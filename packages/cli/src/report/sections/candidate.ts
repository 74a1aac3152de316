import { count, counted, dateInWords, html, inSentence, type Markup, nothing } from '@throughline/pages';
import { commandOf, nextSteps } from '../../publishing/next-step.js';
import type { Night, NightCandidate } from '../night.js';
import { cellsOfNight, sumOf } from '../totals.js';
import { section } from './section.js';

const newTables = ({ newTables: tables }: NightCandidate): Markup =>
  tables.length === 0
    ? nothing
    : html`<h4>Tables of a shape that nobody has approved yet</h4><ul>${tables.map((name) => html`<li>${inSentence(name)}</li>`)}</ul>`;

const latestWords = ({ latest }: NightCandidate): string =>
  latest === null
    ? 'No release is out yet.'
    : `Release ${latest.number} of ${dateInWords(latest.on)} is the latest that is out.`;

type OfCandidate = Pick<Night, 'candidate' | 'measures' | 'file'>;

const heldWords = (night: OfCandidate): string => {
  const cells = cellsOfNight(night);
  const tables = sumOf(night.measures.map((measure) => measure.tables.length));
  return `${counted(night.measures.length, 'measure', 'measures')} in ${counted(tables, 'table', 'tables')}: ${counted(cells.cells, 'cell', 'cells')}, ${count(cells.withheld)} of them withheld.`;
};

export const candidateSection = (night: OfCandidate): Markup => {
  const { candidate } = night;
  const { standing, todo, command } = nextSteps[candidate.state];
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
${command === undefined ? nothing : html`<pre class="commands">${commandOf(command, night.file)}</pre>`}
</article>`,
    ],
  );
};
