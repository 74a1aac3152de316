import type { Answer, Unanswered } from '@throughline/engine';
import { count, html, type Markup, nothing, preformatted } from '@throughline/pages';
import { link, page, type Site } from './frame.js';
import { grid } from './grid.js';
import { downloadFormats } from './place.js';

/** What one question may cost. */
export type Allowance = { readonly rows: number; readonly ms: number };

/** A question and what came of it; undefined before anything was asked. */
export type Asked = { readonly question: string; readonly answer: Answer | Unanswered | undefined };

const seconds = (ms: number): string => `${ms / 1000} s`;

const REFUSALS: Readonly<Record<Unanswered['refused'], string>> = {
  'not-one-query': 'Ask one thing at a time: one SELECT, WITH, FROM, DESCRIBE or EXPLAIN.',
  'too-long': 'It took too long and was ended. Ask for less, or start with a longer --time-limit.',
  'too-large': 'It needs more memory than a question is given. Ask for less.',
  mistaken: 'DuckDB does not understand the question:',
};

const refusal = ({ refused, words }: Unanswered): Markup => html`
<div class="matters" role="alert"><h2>No answer</h2><p>${REFUSALS[refused]}</p>
${refused === 'mistaken' ? html`<pre>${preformatted(words)}</pre>` : nothing}</div>`;

const answered = (site: Site, question: string, { columns, rows, cut }: Answer): Markup => html`
${grid({
  caption: cut ? `The first ${count(rows.length)} rows` : `${count(rows.length)} rows`,
  columns: columns.map((column) => ({ ...column, head: html`${column.name}` })),
  rows,
})}
<p class="downloads">Download the answer: ${downloadFormats.map((format) => html`${link(site, { kind: 'question-download', question, format }, format)} `)}
· ${link(site, { kind: 'question', question }, 'Link to this question')}</p>`;

const examplesOf = ({ release: { tables } }: Site): readonly string[] => [
  'SHOW TABLES',
  ...tables
    .slice(0, 3)
    .flatMap(({ name }) => [
      `SELECT column_name, comment FROM duckdb_columns() WHERE table_name = '${name}'`,
      `SELECT * FROM "${name}" LIMIT 20`,
    ]),
];

/** SQL over the tables of the release: all of them are protected already, so that no question can undo it. */
export function questionPage(site: Site, allowance: Allowance, { question, answer }: Asked): string {
  return page(site, 'Ask in SQL', [
    html`<p class="says">One query in DuckDB's SQL over the released tables. It ends after ${seconds(allowance.ms)}; the first ${count(allowance.rows)} rows are shown. Nothing can be changed, and no other file be read.</p>
<form class="ask" method="get" action="${site.links({ kind: 'question', question: '' }) ?? ''}">
<label for="q">Query</label>
<textarea id="q" name="q" rows="6" spellcheck="false" autocomplete="off" maxlength="8000">
${preformatted(question)}</textarea>
<button type="submit">Ask</button>
</form>`,
    answer === undefined ? nothing : 'refused' in answer ? refusal(answer) : answered(site, question, answer),
    html`<section aria-labelledby="examples"><h2 id="examples">To begin with</h2>
<ul>${examplesOf(site).map((example) => html`<li>${link(site, { kind: 'question', question: example }, html`<code>${example}</code>`)}</li>`)}</ul></section>`,
  ]);
}
