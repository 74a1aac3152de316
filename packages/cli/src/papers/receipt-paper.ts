import { counted, dateInWords, html } from '@throughline/pages';
import type { Pipeline } from '../pipeline/pipeline.js';
import type { CountedIn } from '../rights/counted.js';
import type { RegisteredWithdrawal } from '../rights/withdrawals.js';
import { facts, paperPage } from './paper.js';

export type Receipt = {
  readonly withdrawal: RegisteredWithdrawal;
  readonly releases: readonly CountedIn[];
  readonly project: Pick<Pipeline, 'city' | 'synthetic'>;
};

/** What a family is given: what was registered and what follows, and nothing by which anybody is named. */
export function receiptPaper({ withdrawal, releases, project }: Receipt): string {
  const { receipt, partner, effective, registered, ended } = withdrawal;
  const counting = releases.filter((each) => each.counted);
  return paperPage({
    title: ended === undefined ? 'Receipt of a withdrawal' : 'Receipt of a return',
    kicker: `${project.city} · receipt ${receipt}`,
    foot: `Receipt ${receipt}. This page names nobody: keep it with your own papers.`,
    synthetic: project.synthetic,
    body: [
      facts([
        ['Receipt', receipt],
        ['Registered at', partner],
        ['On', dateInWords(registered)],
        ['Counts from', dateInWords(ended ?? effective)],
      ]),
      ended === undefined ? WITHDRAWN : BACK,
      html`<h2>What was published before</h2>
<p>Of ${counted(releases.length, 'release', 'releases')} kept so far, ${counting.length} counted this record. A published count cannot be taken back out of the world; none of them lets anybody find a child in it.</p>
<table><thead><tr><th>Release</th><th>Made on</th><th>Counted in</th></tr></thead>
<tbody>${counting.map(({ number, on, measures }) => html`<tr><td>${number}</td><td>${dateInWords(on)}</td><td>${counted(measures, 'measure', 'measures')}</td></tr>`)}</tbody></table>`,
    ],
  });
}

const WITHDRAWN = html`<h2>What happens now</h2>
<p>From that day on the record is left out at its owner, before anything of it is turned into tokens. The next night takes it out of the index of persons, where a mark stays that it was withdrawn, so that it is not taken in again by mistake. No later release counts it.</p>`;

const BACK = html`<h2>What happens now</h2>
<p>From that day on the record is taken in again at its owner, as one that was never seen.</p>`;
