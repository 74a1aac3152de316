import { APPROVAL_NAMESPACE, leavesAnything, type ManifestChange } from '@throughline/agreement';
import {
  counted,
  dateInWords,
  figure,
  html,
  type Markup,
  nothing,
  type Table,
  table,
  words,
} from '@throughline/pages';
import { fieldRows } from '@throughline/sheet';
import type { ManifestUnderReview, Sample } from '../desk.js';
import { page, part, type Site } from './frame.js';

type Shown = { readonly under: ManifestUnderReview; readonly sample: Sample };

const fact = (name: string, said: string | Markup): Markup => html`<dt>${name}</dt><dd>${said}</dd>`;

const about = ({ source, approval }: ManifestUnderReview): Markup => {
  const { document, sha256 } = source.manifest;
  const { dsa } = source;
  return html`<dl class="glossary">${[
    fact('Owner of the records', document.partner),
    fact('Purpose', document.purpose),
    fact('Agreement', `${dsa.document.title} (${dsa.document.id}, version ${dsa.document.version})`),
    fact('In force', `${dateInWords(document.effective)} to ${dateInWords(document.expires)}`),
    fact('Standing', approval.by === undefined ? approval.lacks : `Approved by ${approval.by.join(', ')}`),
    fact('Kept', keptOf(source)),
    fact('SHA-256', html`<span class="hash">${sha256}</span>`),
  ]}</dl>`;
};

/** Each way in which columns are kept, once. */
const keptOf = (source: ManifestUnderReview['source']): string =>
  [...new Set(fieldRows(source).map(({ kept }) => kept))].join('; ');

const EFFECTS: Readonly<Record<ManifestChange['effect'], Markup>> = {
  more: html`<strong class="more">more may leave</strong>`,
  less: html`less leaves`,
  otherwise: html`read otherwise`,
  same: html`same`,
};

const difference = ({ since, source }: ManifestUnderReview): Markup => {
  if (since === undefined)
    return html`<p>There is no earlier version to compare it with: everything on this page is new.</p>`;
  if (since.changes.length === 0) return html`<p>It says the same as version ${since.version}.</p>`;
  const more = since.changes.filter(({ effect }) => effect === 'more').length;
  return html`
<p>${more === 0 ? 'Through no change may more leave.' : html`<strong class="more">${counted(more, 'change lets', 'changes let')} more leave.</strong>`}</p>
${table({
  caption: `Version ${source.manifest.document.version} beside version ${since.version}`,
  columns: [words('Where'), words('What changes'), words('So')],
  rows: since.changes.map((change) => [change.place, change.words, EFFECTS[change.effect]]),
})}`;
};

const columns = ({ under: { source }, sample }: Shown): Table => ({
  caption: 'Every column of the export; a column that is not listed here stops the intake',
  columns: ['Column', 'What it is', 'What it is for', 'Treatment', 'Shapes in the sample', 'Who sees it'].map(
    words,
  ),
  rows: fieldRows(source).map((row) => [
    row.column,
    row.description,
    row.measures === '' ? row.purpose : `${row.purpose} Used by: ${row.measures}.`,
    row.treatment,
    shapesOf(sample, row.column),
    row.seenBy,
  ]),
});

const shapesOf = (sample: Sample, column: string): Markup => {
  const shapes = 'refused' in sample ? [] : (sample.shapes.get(column) ?? []);
  return shapes.length === 0 ? html`not told` : html`${shapes.map((shape) => html`<code>${shape}</code>`)}`;
};

const leaving = ({ under: { source }, sample }: Shown): Markup => {
  const { fields } = source.manifest.document;
  const linked = fields.filter(({ treatment }) => treatment.includes('link'));
  const rule = html`<p>Of ${counted(fields.length, 'column', 'columns')}, ${fields.filter(leavesAnything).length} leave in some form. ${linked.length === 0 ? 'No keyed token is made.' : `Keyed tokens are made of ${linked.map(({ name }) => name).join(', ')}, in the owner's own building.`}</p>`;
  if ('refused' in sample)
    return html`${rule}<p>There is no sample to count: <code>${sample.refused}</code>. Put an export into the inbox, or name one: <code>throughline manifest preview</code> with <code>--extract</code>.</p>`;
  const { rows, payload } = sample.preview;
  return html`${rule}
<p>Of the export that lies in the inbox: ${counted(rows.read, 'row', 'rows')}, ${rows.kept} taken in, ${rows.rejected} rejected, ${rows.excluded} left out by a rule of the manifest.</p>
${
  payload.length === 0
    ? html`<p>No value leaves, only tokens.</p>`
    : table({
        caption: 'Values that would leave, under a record id that means nothing to others',
        columns: [words('Column'), words('Type'), ...['Rows filled', 'Different', 'Characters'].map(figure)],
        rows: payload.map(({ column, type, filled, different, shortest, longest }) => [
          column,
          type,
          String(filled),
          String(different),
          filled === 0 ? 'none' : `${shortest} to ${longest}`,
        ]),
      })
}`;
};

const commands = ({ path, belongs, source, approval }: ManifestUnderReview): Markup => {
  if (approval.by === undefined && !approval.waits)
    return html`<p>${approval.lacks} A signature does not mend that.</p>`;
  const [first] = approval.approvers;
  const who = first?.person ?? 'NAME';
  const move =
    belongs === undefined
      ? nothing
      : html`
mv ${path} ${path}.${who}.sig ${belongs}/`;
  return html`
<p>${approval.by === undefined ? approval.lacks : `Approved by ${approval.by.join(', ')}; nothing is to be signed.`} It takes ${counted(approval.needed, 'signature', 'signatures')} of: ${approval.approvers.map(({ person, words: said }) => `${person} (${said})`).join('; ')}.</p>
<p>Compare the hash of the file with <span class="hash">${source.manifest.sha256}</span>, then sign its exact bytes:</p>
<pre class="commands">sha256sum ${path}
ssh-keygen -Y sign -n ${APPROVAL_NAMESPACE} -f ~/.ssh/id_ed25519 ${path}
mv ${path}.sig ${path}.${who}.sig${move}</pre>
<p>Or with the key file of an ed25519 key:</p>
<pre class="commands">throughline approve ${path} --key ~/.ssh/id_ed25519 --as ${who}</pre>`;
};

const changed = ({ source: { change } }: ManifestUnderReview): Markup =>
  change === undefined
    ? nothing
    : html`
<div class="matters"><h2>The export has changed</h2>
<p>${[
        change.added.length === 0 ? '' : `New columns: ${change.added.join(', ')}. `,
        change.missing.length === 0 ? '' : `Gone: ${change.missing.join(', ')}. `,
        (change.unnamed ?? []).length === 0 ? '' : `New, by place: ${(change.unnamed ?? []).join(', ')}. `,
      ].join('')}Nothing is taken in until a version that fits is approved.</p></div>`;

/** A field manifest for whoever approves it: what it says, what is new, what would leave, and how to sign. */
export const manifestPage = (site: Site, shown: Shown): string => {
  const { under } = shown;
  const { document } = under.source.manifest;
  return page(site, `${document.title}, version ${document.version}`, [
    changed(under),
    about(under),
    part('difference', 'What is different', [difference(under)]),
    part('leaves', 'What would leave the building', [leaving(shown)]),
    part('columns', 'Column by column', [
      html`<p class="says">Shapes have <code>A</code> for letters and <code>9</code> for a digit. A shape is told if at least 11 rows have it; no value is.</p>`,
      table(columns(shown)),
    ]),
    part('sign', 'How to sign it', [commands(under)]),
  ]);
};
