import { errorCodes } from '@throughline/core';
import { type HoldReason, holdReasons } from '@throughline/ingest';
import { dateInWords, html, inWords, type Markup, nothing, table, withCode, words } from '@throughline/pages';
import { type HoldRecord, isAcceptable, isStanding } from '../../holds/hold-records.js';
import type { HoldUnderReview } from '../desk.js';
import { page, part, type Site } from './frame.js';

export type Shown = HoldUnderReview & {
  /** Why the last decision was not made, and what was written; undefined where none was tried. */
  readonly tried?: { readonly why: string; readonly reason: string };
};

const explained = (reason: string): Markup => {
  const word = reason.split(' ')[0] ?? '';
  if (!Object.hasOwn(holdReasons, word)) return html`<dt>${reason}</dt><dd></dd>`;
  const { meaning, look } = holdReasons[word as HoldReason];
  return html`<dt>${inWords(word)}</dt><dd>${reason.slice(word.length).trim()}<br />${meaning} <span class="beside">${look}</span></dd>`;
};

const listOf = (value: HoldRecord['details'][string] | undefined): readonly string[] =>
  Array.isArray(value) ? value : [];

const why = ({ code, details }: HoldRecord): Markup => {
  const others = Object.entries(details).filter(([name]) => name !== 'reasons');
  return html`
<p>${errorCodes[code].meaning}</p>
<dl class="glossary">${[
    ...others.map(
      ([name, value]) =>
        html`<dt>${inWords(name)}</dt><dd>${Array.isArray(value) ? value.join(', ') : String(value)}</dd>`,
    ),
    ...listOf(details['reasons']).map(explained),
  ]}</dl>`;
};

const files = ({ files: held }: HoldRecord): Markup =>
  table({
    caption: 'Files that are held; a decision is about these bytes and no others',
    columns: [words('Extract'), words('SHA-256')],
    rows: Object.entries(held).map(([extract, sha256]) => [
      extract,
      html`<span class="hash">${sha256}</span>`,
    ]),
  });

const form = (site: Site, { hold, tried }: Shown): Markup => html`
${tried === undefined ? nothing : html`<div class="matters" role="alert"><h3>Not decided</h3><p>${tried.why}</p></div>`}
<form class="decide" method="post" action="${site.links({ kind: 'hold', id: hold.id })}">
<label for="reason">Why, for the next person who asks. Never name a child.</label>
<input id="reason" name="reason" type="text" required="required" minlength="3" maxlength="400" autocomplete="off" value="${tried?.reason ?? ''}" />
<div class="choices">
${isAcceptable(hold) ? html`<button name="verdict" value="accepted">Accept these files</button>` : nothing}
${hold.status === 'rejected' ? nothing : html`<button name="verdict" value="rejected">Reject these files</button>`}
</div>
</form>
<p>Accepted, the next run takes exactly these files in. Rejected, they stay out until others are delivered. Either is written into the log before it counts.</p>`;

const commands = ({ desk }: Site, { hold }: HoldUnderReview): Markup => html`
<pre class="commands">${
  isAcceptable(hold)
    ? html`throughline hold accept ${desk.pipeline} ${hold.id} --reason "…"
`
    : nothing
}throughline hold reject ${desk.pipeline} ${hold.id} --reason "…"</pre>`;

const decision = ({ decision: made }: HoldRecord): Markup =>
  made === null
    ? nothing
    : html`<p><strong>Decided</strong> on ${dateInWords(made.at.slice(0, 10))}: ${made.reason}${made.logged === undefined ? nothing : html` (entry ${made.logged.entry} of the log)`}</p>`;

const todo = (site: Site, shown: Shown): Markup => {
  if (!isStanding(shown.hold)) return html`<p>Nothing: this hold no longer stands.</p>`;
  return html`<p>${withCode(errorCodes[shown.hold.code].remedy)}</p>
${site.decides ? form(site, shown) : nothing}
<h3>${site.decides ? 'The same as a command' : 'The command'}</h3>
${commands(site, shown)}`;
};

/** One delivery that is held: why, and the decision about it. */
export const holdPage = (site: Site, shown: Shown): string => {
  const { hold, partner, inUse } = shown;
  return page(site, `Hold ${hold.id}`, [
    html`<p class="says">${inWords(hold.status)} since ${dateInWords(hold.opened)}. ${inWords(partner)}: ${inUse === undefined ? 'there are no good data yet' : `the data of ${dateInWords(inUse)} stay in use`}.</p>`,
    decision(hold),
    part('why', 'Why it is held', [why(hold), files(hold)]),
    part('todo', 'What to do', [todo(site, shown)]),
  ]);
};
