import { html, type Markup, nothing, textOf } from '@throughline/pages';

/** A page that is printed and signed: black on white, nothing fetched, no script. */
export type Paper = {
  readonly title: string;
  readonly kicker: string;
  /** What the last page ends with, such as the hash of what is signed. */
  readonly foot: string;
  readonly synthetic: boolean;
  readonly body: readonly Markup[];
};

const style = html`<style>
:root { color-scheme: light; }
*, *::before, *::after { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1.25rem 4rem; max-width: 74rem; background: #fff; color: #111; overflow-wrap: break-word;
  font: 0.95rem/1.45 system-ui, -apple-system, Segoe UI, Roboto, Helvetica Neue, Arial, sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0.2rem 0 0.6rem; text-wrap: balance; }
h2 { font-size: 1.1rem; margin: 1.6rem 0 0.4rem; break-after: avoid; }
p { margin: 0.4rem 0; max-width: 60rem; }
.kicker, .foot, caption { color: #444; font-size: 0.85rem; }
.synthetic { border: 1px solid #111; padding: 0.3rem 0.6rem; display: inline-block; }
dl { display: grid; grid-template-columns: 11rem minmax(0, 1fr); gap: 0.2rem 1rem; margin: 0.6rem 0; }
dt { font-weight: 600; } dd { margin: 0; }
code, .hash { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, Liberation Mono, monospace; font-size: 0.86em; overflow-wrap: anywhere; }
pre { background: #f3f3f3; padding: 0.6rem 0.8rem; white-space: pre-wrap; overflow-wrap: anywhere; break-inside: avoid; }
table { border-collapse: collapse; width: 100%; font-size: 0.82rem; }
caption { text-align: left; padding-bottom: 0.3rem; }
thead { display: table-header-group; }
th, td { border: 1px solid #999; padding: 0.25rem 0.4rem; text-align: left; vertical-align: top; }
th { background: #eee; } td.number { text-align: right; font-variant-numeric: tabular-nums; }
tr { break-inside: avoid; }
tfoot { display: table-footer-group; } tfoot td { border: 0; color: #444; }
.fields { table-layout: fixed; }
.fields th:nth-child(1) { width: 4%; } .fields th:nth-child(2) { width: 14%; } .fields th:nth-child(3) { width: 18%; }
.fields th:nth-child(4) { width: 20%; } .fields th:nth-child(5) { width: 9%; } .fields th:nth-child(6) { width: 14%; }
.fields th:nth-child(7) { width: 13%; } .fields th:nth-child(8) { width: 8%; }
tr.leaves td:nth-child(2), tr.leaves td.treatment { font-weight: 600; }
.signature { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 0 1.5rem; margin-top: 2.4rem; break-inside: avoid; }
.signature span { border-top: 1px solid #111; padding-top: 0.2rem; font-size: 0.82rem; }
.signature .wide { grid-column: 1 / -1; margin-top: 2.4rem; }
.foot { border-top: 1px solid #999; margin-top: 2rem; padding-top: 0.3rem; }
@media print {
  @page { size: landscape; margin: 12mm; }
  body { font-size: 10.5pt; padding: 0; max-width: none; }
  table { font-size: 8pt; }
  th { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
</style>`;

const contentPolicy = html`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'" />`;

const syntheticNote = html`<p class="synthetic" role="note">Everybody in this paper is made up: it shows how the software works.</p>`;

export const paperPage = ({ title, kicker, foot, synthetic, body }: Paper): string =>
  textOf(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
${contentPolicy}
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="referrer" content="no-referrer" />
<title>${title}</title>
<link rel="icon" href="data:," />
${style}
</head>
<body>
<p class="kicker">${kicker}</p>
<h1>${title}</h1>
${synthetic ? syntheticNote : nothing}
${body}
<p class="foot">${foot}</p>
</body>
</html>
`);

/** What is known, as a list of names and words. */
export const facts = (entries: readonly (readonly [name: string, words: string | Markup])[]): Markup =>
  html`<dl>${entries.map(([name, words]) => html`<dt>${name}</dt><dd>${words}</dd>`)}</dl>`;

/** A place to sign by hand. */
export const signatureBlock = (who: string): Markup => html`
<div class="signature"><span>${who}: name</span><span>position</span><span>date</span><span class="wide">signature</span></div>`;

/** A hash that a person can compare, eight digits at a time. */
export const hashInWords = (sha256: string): Markup =>
  html`<span class="hash">${(sha256.match(/.{1,8}/g) ?? []).join(' ')}</span>`;
