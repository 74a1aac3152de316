import { html, type Markup, textOf } from './markup.js';
import { dark, declarations, light } from './palette.js';

/** The one mark for what is withheld, wherever it stands. */
export const hatchPattern: Markup = html`
<svg class="defs" aria-hidden="true" width="0" height="0">
<defs>
<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
<rect class="hatch-ground" width="6" height="6" />
<rect class="hatch-line" width="2" height="6" />
</pattern>
</defs>
</svg>`;

const ground = html`
:root { color-scheme: light; ${declarations(light)} }
@media screen and (prefers-color-scheme: dark) { :root { color-scheme: dark; ${declarations(dark)} } }
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body {
  margin: 0; background: var(--page); color: var(--ink); overflow-wrap: break-word;
  font: 1rem/1.55 system-ui, -apple-system, Segoe UI, Roboto, Helvetica Neue, Arial, sans-serif;
}
.banner, main, footer { max-width: 76rem; margin: 0 auto; padding: 0 1.25rem; }
h1, h2, h3, .big { font-family: Charter, Iowan Old Style, Georgia, Liberation Serif, serif; font-weight: 600; line-height: 1.2; }
h1 { font-size: clamp(1.9rem, 5vw, 3rem); margin: 0.2rem 0 1rem; letter-spacing: -0.015em; text-wrap: balance; }
h2 { font-size: 1.7rem; margin: 0; letter-spacing: -0.01em; }
h3 { font-size: 1.2rem; margin: 0 0 0.25rem; }
h4 { font-size: 0.9rem; margin: 0.9rem 0 0.35rem; font-weight: 600; }
a { color: var(--link); text-underline-offset: 0.2em; }
a:focus-visible, summary:focus-visible, .scroll:focus-visible {
  outline: 3px solid var(--link); outline-offset: 3px; border-radius: 3px;
}
.defs { position: absolute; }
.skip { position: absolute; left: -100vw; background: var(--card); padding: 0.6rem 1rem; z-index: 1; }
.skip:focus { left: 1rem; top: 1rem; }`;

const masthead = html`
.banner { padding-top: 2.75rem; }
.kicker { margin: 0; color: var(--muted); font-size: 0.9rem; letter-spacing: 0.02em; }
.synthetic {
  display: inline-block; margin: 0 0 1rem; padding: 0.4rem 0.8rem; border: 1px solid var(--link);
  border-radius: 4px; color: var(--link); font-size: 0.95rem;
}
nav ul {
  list-style: none; margin: 0; padding: 0.75rem 0; display: flex; flex-wrap: wrap; gap: 0.35rem 1.4rem;
  border-top: 1px solid var(--rule); border-bottom: 1px solid var(--rule); font-size: 0.95rem;
}
nav a { display: inline-block; padding: 0.15rem 0; text-decoration: none; }
nav a:hover { text-decoration: underline; }`;

const sections = html`
section { padding: 2.75rem 0 1.5rem; }
section + section { border-top: 1px solid var(--rule); }
section header { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 0.35rem 1.5rem; }
.standing { margin: 0; font-size: 0.85rem; padding: 0.15rem 0.6rem; border: 1px solid currentColor; border-radius: 99px; }
.standing.internal { color: var(--muted); }
.standing.candidate { color: var(--link); }
.stale { margin: 0.3rem 0; padding: 0.3rem 0.6rem; border-left: 3px solid currentColor; font-size: 0.95rem; }
.says { max-width: 46rem; margin: 0.8rem 0 0.5rem; font-size: 1.08rem; }
.cannot { max-width: 46rem; margin: 0 0 1.4rem; color: var(--muted); }
.cannot strong { font-weight: 600; color: var(--ink); }
.lede { max-width: 50rem; font-size: 1.25rem; line-height: 1.5; margin: 0.8rem 0 1.5rem; text-wrap: pretty; }
.beside { color: var(--muted); font-size: 0.95rem; margin: 0; }
.cards { display: grid; gap: 1.25rem; grid-template-columns: minmax(0, 1fr); }
.card { background: var(--card); border: 1px solid var(--rule); border-radius: 8px; padding: 1.25rem 1.4rem 1.1rem; min-width: 0; }
.narrow { max-width: 36rem; }
.split { display: grid; gap: 0.8rem 2.5rem; grid-template-columns: minmax(0, 1fr); }
@media (min-width: 56rem) {
  .cards.pair { grid-template-columns: repeat(2, minmax(0, 1fr)); align-items: start; }
  .split { grid-template-columns: 13rem minmax(0, 1fr) minmax(0, 19rem); }
  .split h4:first-child { margin-top: 0; }
}`;

const glance = html`
.matters { border-left: 4px solid var(--alarm); background: var(--alarmCard); padding: 0.9rem 1.25rem; border-radius: 0 8px 8px 0; margin-bottom: 1.5rem; }
.matters h2, .matters h3 { color: var(--alarm); font-size: 1.2rem; }
.matters ul { margin: 0.35rem 0 0; padding-left: 1.1rem; }
.matters .grave { font-weight: 600; }
.matters.calm { border-color: var(--linked); background: var(--card); }
.matters.calm h3 { color: var(--link); }
.matters.calm p { margin: 0; }
.headlines { display: grid; gap: 1.25rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); margin-bottom: 1.5rem; }
.headline { background: var(--card); border: 1px solid var(--rule); border-top: 3px solid var(--rate); border-radius: 4px 4px 8px 8px; padding: 1rem 1.4rem 1.1rem; }
.headline p { margin: 0; }
.headline .big { font-size: 2.9rem; }
.headline .absent { font-size: 2rem; font-style: italic; color: var(--muted); }
.tiles { display: grid; gap: 1.2rem 1.5rem; grid-template-columns: repeat(auto-fit, minmax(10.5rem, 1fr)); margin: 0 0 1.5rem; }
.tiles div { border-top: 1px solid var(--rule); padding-top: 0.6rem; }
.tiles dt { font-size: 0.95rem; font-weight: 600; }
.tiles dd { margin: 0; }
.tiles .big { display: block; font-size: 1.75rem; font-variant-numeric: lining-nums; }`;

const charts = html`
figure { margin: 0; min-width: 0; }
.chart { display: block; overflow: visible; }
.chart text { fill: var(--ink); font-size: 13px; font-variant-numeric: tabular-nums; }
.chart .figure, .chart .axis { fill: var(--muted); }
.chart .axis { font-size: 11px; }
.chart .strong { fill: var(--ink); font-weight: 600; }
.chart .absent { font-style: italic; }
.kept { fill: var(--kept); } .rejected { fill: var(--rejected); } .quarantined { fill: var(--quarantined); } .excluded { fill: var(--excluded); }
.exact { fill: var(--exact); } .probable { fill: var(--probable); } .weak { fill: var(--weak); }
.linked { fill: var(--linked); } .unlinkable { fill: var(--unlinkable); }
.rate { fill: var(--rate); } .published { fill: var(--kept); } .track { fill: var(--track); }
line.known { stroke: var(--known); stroke-width: 2px; }
line.everyone { stroke: var(--everyone); stroke-width: 3px; }
.withheld-mark { fill: url(#hatch); stroke: var(--hatch); stroke-width: 1px; }
.hatch-ground { fill: var(--card); } .hatch-line { fill: var(--hatch); }
.chart .kept, .chart .rejected, .chart .quarantined, .chart .excluded, .chart .exact, .chart .probable, .chart .weak,
.chart .linked, .chart .unlinkable { stroke: var(--card); stroke-width: 1px; }
.legend { list-style: none; margin: 0.4rem 0 1rem; padding: 0; display: flex; flex-wrap: wrap; gap: 0.2rem 1.4rem; font-size: 0.9rem; color: var(--muted); }
.legend li { display: flex; align-items: baseline; gap: 0.4rem; }
.legend svg { flex: none; transform: translateY(2px); }
.beside + figure { margin-top: 0.9rem; }
.multiples { display: grid; gap: 1.1rem 2.5rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 19rem), 1fr)); align-items: start; }
.multiples h3, .multiples h4 { border-top: 1px solid var(--rule); padding-top: 0.7rem; margin: 0 0 0.6rem; font-size: 1rem; }
.overall { margin: 0 0 0.9rem; color: var(--muted); }
.overall strong { color: var(--ink); }
.reasons { list-style: none; margin: 0; padding: 0; font-size: 0.92rem; }
.reasons li { display: flex; justify-content: space-between; gap: 1rem; padding: 0.16rem 0; border-bottom: 1px dotted var(--rule); }
.reasons span { min-width: 0; }
.reasons b { font-weight: 600; font-variant-numeric: tabular-nums; }`;

const tables = html`
details { margin-top: 0.9rem; }
pre { overflow-x: auto; white-space: pre-wrap; font: 0.9rem/1.5 ui-monospace, Menlo, Consolas, monospace; margin: 0.6rem 0; }
.commands { background: var(--track); padding: 0.7rem 0.9rem; border-radius: 6px; overflow-wrap: anywhere; }
.sentences { margin: 0; padding-left: 1.1rem; }
summary { cursor: pointer; color: var(--link); font-size: 0.95rem; width: fit-content; padding: 0.15rem 0; }
.scroll { overflow-x: auto; margin-top: 0.5rem; }
.card > .scroll { margin-top: 0; }
table { border-collapse: collapse; width: 100%; font-size: 0.92rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--muted); padding: 0 0 0.5rem; }
th, td { padding: 0.35rem 1.1rem 0.35rem 0; text-align: left; vertical-align: baseline; border-bottom: 1px solid var(--rule); }
th:last-child, td:last-child { padding-right: 0; }
.figure + .words { padding-left: 0.9rem; }
thead th { font-weight: 600; color: var(--muted); border-bottom-color: var(--muted); }
tbody th { font-weight: 400; }
.figure { text-align: right; }
td.figure, time, .expiry { white-space: nowrap; }
.withheld { font-style: italic; color: var(--muted); }
.expiry { color: var(--alarm); }
.expiry.grave { text-decoration: underline; text-decoration-thickness: 2px; }
.glossary { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0 1.25rem; margin: 0.75rem 0; }
.glossary dt { font-weight: 600; }
.glossary dd { margin: 0 0 0.5rem; }
@media (min-width: 40rem) { .glossary { grid-template-columns: 11rem minmax(0, 1fr); } }
footer { border-top: 1px solid var(--rule); margin-top: 1.5rem; padding-top: 0.5rem; padding-bottom: 3rem; color: var(--muted); font-size: 0.95rem; }`;

/** Paper shows what the screen shows: a fold that is closed stays off it, and the hatch and bars keep their colours. */
const print = html`
@media print {
  @page { margin: 14mm; }
  html { font-size: 12px; }
  .chart text { font-size: 11px; }
  body { background: white; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  #glance .cannot { break-after: auto; }
  .tiles { grid-template-columns: repeat(5, minmax(0, 1fr)); }
  nav, .skip { display: none; }
  .banner { padding-top: 0; }
  .card, .headline, figure, tr, .matters, .tiles, .legend, .says, .cannot, footer { break-inside: avoid; }
  #measures .card { break-inside: auto; }
  h2, h3, h4, section header, .says, .cannot, .legend, .overall, summary { break-after: avoid; }
  .headlines, .cards.pair { grid-template-columns: repeat(2, minmax(0, 1fr)); align-items: start; }
  section { padding: 1.25rem 0 0.5rem; }
  footer { padding-bottom: 0; }
  .card { padding: 0.8rem 1rem; }
  details:not([open]) { display: none; }
  .split { grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); }
  .split > :first-child { grid-column: 1 / -1; }
  .scroll { overflow: visible; }
}`;

const rules: readonly Markup[] = [ground, masthead, sections, glance, charts, tables, print];

/** For a page that carries its style with it. */
export const styleSheet: Markup = html`<style>
${rules}
</style>`;

/** For a page that has it from a file beside it. */
export const styleText: string = rules.map(textOf).join('\n');
