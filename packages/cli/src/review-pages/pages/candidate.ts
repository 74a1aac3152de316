import {
  count,
  counted,
  figure,
  html,
  inWords,
  type Markup,
  type TableCell,
  table,
  words,
} from '@throughline/pages';
import { nextSteps } from '../../publishing/next-step.js';
import type { CandidateUnderReview, TableUnderReview } from '../desk.js';
import { page, part, type Site } from './frame.js';

const shapeOf = ({ isNew }: TableUnderReview): string => {
  if (isNew === undefined) return 'known once its review is asked for';
  return isNew ? 'new: two people must approve it' : 'approved before';
};

const rowOf = (each: TableUnderReview): readonly TableCell[] => [
  inWords(each.name.replaceAll('.', ': ')),
  count(each.cells),
  count(each.withheld),
  each.before === undefined ? 'not in it' : count(each.before.cells),
  each.before === undefined ? 'not in it' : count(each.before.withheld),
  shapeOf(each),
];

const difference = ({ tables, latest }: CandidateUnderReview): Markup => html`
<p>${latest === undefined ? 'No release is out yet: everything in it is new.' : `Beside release ${latest}, the latest that is out.`}</p>
${table({
  caption: 'Tables of the candidate',
  columns: [
    words('Table'),
    ...['Cells', 'Withheld', 'Cells in the latest release', 'Withheld in it'].map(figure),
    words('Shape'),
  ],
  rows: tables.map(rowOf),
})}`;

const leaving = ({ files, sha256 }: CandidateUnderReview): Markup => html`
<p>Nothing leaves until it is published. Then exactly these ${counted(files.length, 'file', 'files')} would, with the manifest of release <span class="hash">${sha256}</span>.</p>
${table({
  caption: 'Files of the candidate',
  columns: [words('File'), words('SHA-256')],
  rows: files.map(({ name, sha256: hash }) => [name, html`<span class="hash">${hash}</span>`]),
})}`;

const ASK = (pipeline: string): Markup => html`
<p>Nobody asks to publish it. Whoever asks cannot vote on it.</p>
<pre class="commands">throughline release candidate ${pipeline} --author NAME</pre>`;

const signing = ({ desk: { pipeline } }: Site, found: CandidateUnderReview): Markup => {
  const { request, author, votes, votesNeeded, voters } = found;
  if (request === undefined) return ASK(pipeline);
  const others = voters.filter((person) => person !== author);
  return html`
<p>The request <span class="hash">${request}</span>, by ${author ?? 'nobody'}, has ${count(votes)} of ${count(votesNeeded)} votes. These may vote: ${others.join(', ')}. The first vote is not told before the second is in.</p>
<pre class="commands">throughline release review ${pipeline} --vote approve --as ${others[0] ?? 'NAME'} --key ~/.ssh/id_ed25519</pre>
<p>Instead of <code>approve</code>: <code>return</code> asks for a change, <code>reject</code> says no; both with <code>--reason</code>. Without <code>--key</code> the vote is written, and the command prints how <code>ssh-keygen</code> signs it. Approved, it is published by:</p>
<pre class="commands">throughline release publish ${pipeline}</pre>`;
};

/** The release candidate for whoever votes on it. */
export const candidatePage = (site: Site, found: CandidateUnderReview): string =>
  page(site, 'The release candidate', [
    html`<p class="says">${nextSteps[found.state].standing} ${nextSteps[found.state].todo}</p>`,
    part('difference', 'What is different', [difference(found)]),
    part('leaves', 'What would leave the building', [leaving(found)]),
    part('sign', 'How to vote', [signing(site, found)]),
  ]);
