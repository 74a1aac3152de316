import type { EncodingAssessment, Finding } from '@throughline/assess';
import { html, type Markup, styleSheet, textOf } from '@throughline/pages';
import { gateInWords, intervalInWords, shareInWords, verdictInWords } from './assessment-words.js';
import { contentPolicy } from './frame.js';

const VERDICTS = {
  pass: 'No attack got further than the memorandum allows.',
  fail: 'An attack got further than the memorandum allows. Do not begin an epoch with these encodings.',
  void: 'An attack failed to break what it must break, so that nothing is known of the rest.',
};

/** An assessment as one HTML file: no script, no network. Counts and names of rules and attacks only. */
export function renderAssessment(assessment: EncodingAssessment): string {
  const { verdict, effort, profile, findings, gates, bits } = assessment;
  const page = html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8" />
${contentPolicy}
<meta name="viewport" content="width=device-width, initial-scale=1" />
<title>Assessment of encodings: ${verdict}</title>
<link rel="icon" href="data:," />
${styleSheet}
</head>
<body>
<header class="banner">
<p class="kicker">Throughline · attacks on encodings without the key</p>
<h1>Assessment of encodings: ${verdict}</h1>
<p class="says">${VERDICTS[verdict]}</p>
<p>Profile ${profile}; ${effort.children.toLocaleString('en')} children in each file; seeds ${effort.seeds.join(', ')}.
Shares are pooled over the seeds, with Wilson's 95 % interval. With the key nearly everybody can be named: see the row “with the key”.</p>
</header>
<main>
<section id="attacks">
<h2>Attacks</h2>
<div class="scroll" tabindex="0">${findingsTable(findings)}</div>
</section>
<section id="gate">
<h2>What the gate let through</h2>
<div class="scroll" tabindex="0">${gateTable(gates)}</div>
</section>
<section id="bits">
<h2>Bits</h2>
<div class="scroll" tabindex="0">${bitsTable(bits)}</div>
</section>
</main>
</body>
</html>
`;
  return textOf(page);
}

const findingsTable = (findings: readonly Finding[]): Markup => html`
<table>
<thead><tr><th>Attack</th><th>Encoding</th><th>Setting</th><th>Succeeded</th><th>95 %</th><th>By seed</th><th>Limit</th><th>Verdict</th></tr></thead>
<tbody>${findings.map(
  (finding) =>
    html`<tr><td>${finding.attack}</td><td>${finding.encoding}</td><td>${finding.setting}</td><td>${shareInWords(finding)}</td><td>${intervalInWords(finding)}</td><td>${finding.bySeed.map((share) => (100 * share).toFixed(2)).join(' · ')}</td><td>${gateInWords(finding)}</td><td>${verdictInWords(finding)}</td></tr>`,
)}</tbody>
</table>`;

const gateTable = (gates: EncodingAssessment['gates']): Markup => html`
<table>
<thead><tr><th>Files</th><th>Profile</th><th>Pass</th><th>Unique values</th><th>Meetings with others</th><th>Used</th></tr></thead>
<tbody>${gates.flatMap(({ setting, profile, passes }) =>
  passes.map(
    (pass) =>
      html`<tr><td>${setting}</td><td>${profile}</td><td>${pass.pass}</td><td>${(100 * pass.uniqueShare).toFixed(1)} %</td><td>${pass.meetings.toFixed(3)}</td><td>${pass.reason}</td></tr>`,
  ),
)}</tbody>
</table>`;

const bitsTable = (bits: EncodingAssessment['bits']): Markup => html`
<table>
<thead><tr><th>Encoding</th><th>Bits set</th><th>Bit farthest from half</th><th>Deviation of rows</th></tr></thead>
<tbody>${bits.map(
  ({ encoding, fill, farthestBit, weightDeviation }) =>
    html`<tr><td>${encoding}</td><td>${(100 * fill).toFixed(1)} %</td><td>${(100 * farthestBit).toFixed(1)} %</td><td>${(100 * weightDeviation).toFixed(2)} %</td></tr>`,
)}</tbody>
</table>`;
