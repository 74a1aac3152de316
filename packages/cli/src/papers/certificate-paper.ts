import { dateInWords, html } from '@throughline/pages';
import type { Destruction } from '../rights/destroy.js';
import { facts, hashInWords, paperPage, signatureBlock } from './paper.js';

export type Certificate = {
  readonly record: Destruction;
  /** SHA-256 of the record of the destruction, as the log has it. */
  readonly sha256: string;
  readonly city: string;
  readonly synthetic: boolean;
};

/** The certificate of a destruction, to print and sign. */
export function certificatePaper({ record, sha256, city, synthetic }: Certificate): string {
  const { agreement, version, partner, ended, by, method, certificate_to, finished, holdings } = record;
  return paperPage({
    title: `Certificate of destruction: the records of ${partner}`,
    kicker: `${city} · agreement ${agreement}, version ${version}`,
    foot: `${agreement} version ${version} · record of the destruction SHA-256 ${sha256}`,
    synthetic,
    body: [
      facts([
        ['For', certificate_to],
        ['Agreement', `${agreement}, version ${version}`],
        ['SHA-256 of the agreement', hashInWords(record.sha256)],
        ['It ended', dateInWords(ended)],
        ['To be destroyed by', dateInWords(by)],
        ['Destroyed', dateInWords(finished ?? '')],
        ['How, by the agreement', method],
        ['In the log', hashInWords(sha256)],
      ]),
      html`<h2>What was destroyed</h2>
<table><thead><tr><th>Holding</th><th>SHA-256 of its manifest</th></tr></thead>
<tbody>${holdings.map((each) => html`<tr><td>${each.what}</td><td class="hash">${each.sha256 ?? 'no artifact'}</td></tr>`)}</tbody></table>
<h2>What the software cannot see</h2>
<p>Copies in back-ups, exports that somebody has taken by hand, and what lies at the owner: whoever signs answers for them. Published counts stay published; whom they counted is no longer known.</p>`,
      signatureBlock('For the city'),
    ],
  });
}
