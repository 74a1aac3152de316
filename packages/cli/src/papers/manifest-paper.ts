import { leavesAnything } from '@throughline/agreement';
import { counted, dateInWords, html, type Markup, nothing } from '@throughline/pages';
import { type FieldRow, fieldRows, type SheetSource } from '@throughline/sheet';
import { facts, hashInWords, paperPage, signatureBlock } from './paper.js';

export type ManifestPaper = {
  readonly source: SheetSource;
  readonly file: string;
  readonly synthetic: boolean;
};

/** A field manifest on paper: every column, what becomes of it, and where to sign. */
export function manifestPaper({ source, file, synthetic }: ManifestPaper): string {
  const { document, sha256 } = source.manifest;
  return paperPage({
    title: document.title,
    kicker: `Field manifest ${document.id}, version ${document.version}`,
    foot: `${document.id} version ${document.version} · SHA-256 ${sha256}`,
    synthetic,
    body: [about(source), summary(source), columns(source), signing(source, file)],
  });
}

function about({ manifest: { document, sha256 }, dsa }: SheetSource): Markup {
  return facts([
    ['Owner of the records', document.partner],
    ['Extract', document.extract],
    ['Purpose', document.purpose],
    ['Agreement', `${dsa.document.title} (${dsa.document.id}, version ${dsa.document.version})`],
    ['In force', `${dateInWords(document.effective)} to ${dateInWords(document.expires)}`],
    ['Answers for it', dsa.document.authorised_people.map(({ name, role }) => `${name}, ${role}`).join('; ')],
    ['SHA-256 of the manifest', hashInWords(sha256)],
  ]);
}

function summary({ manifest: { document } }: SheetSource): Markup {
  const leaving = document.fields.filter(leavesAnything).length;
  const tokens = document.fields.filter(({ treatment }) => treatment.includes('link')).length;
  const values = document.fields.filter(({ column }) => column !== undefined).length;
  return html`<h2>What may leave</h2>
<p>Of ${counted(document.fields.length, 'column', 'columns')}, ${leaving} leave in some form: keyed tokens are made of ${tokens} in the owner's own building (where the memorandum has fields sealed, the linkage unit also sees of two records that agree closely, and of no others, which fields are alike and which of them both records have), and the values of ${values} leave under a record id that means nothing to others. A column that is not listed here stops the run.</p>`;
}

const HEADS = [
  'No.',
  'Column',
  'What it is',
  'What it is for',
  'Treatment',
  'Who sees it',
  'How long it is kept',
  'Legal basis',
] as const;

function columns(source: SheetSource): Markup {
  const { id, version, fields } = source.manifest.document;
  const leaves = (index: number) => {
    const field = fields[index];
    return field !== undefined && leavesAnything(field);
  };
  return html`<table class="fields">
<caption>Every column of the export; those of which something leaves stand in bold</caption>
<thead><tr>${HEADS.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tfoot><tr><td colspan="${HEADS.length}">${id} version ${version} · SHA-256 ${source.manifest.sha256}</td></tr></tfoot>
<tbody>${fieldRows(source).map((row, index) => line(row, leaves(index)))}</tbody>
</table>`;
}

const line = (row: FieldRow, leaves: boolean): Markup => html`<tr class="${leaves ? 'leaves' : 'stays'}">
<td class="number">${row.number}</td><td>${row.column}</td><td>${row.description}</td>
<td>${row.purpose}${row.measures === '' ? nothing : html`<br />Used by: ${row.measures}`}</td>
<td class="treatment">${row.treatment}</td><td>${row.seenBy}</td><td>${row.kept}</td><td>${row.basis}</td></tr>`;

function signing({ manifest: { document, sha256 } }: SheetSource, file: string): Markup {
  return html`<h2>Approval</h2>
<p>I approve that the columns above are treated as this page says, under the agreement named. My signature is for the file whose SHA-256 is</p>
<p>${hashInWords(sha256)}</p>
${[signatureBlock('First approver'), signatureBlock('Second approver, where two must agree')]}
<h2>To sign with an SSH key</h2>
<p>Compare the hash of the file with the one above, then sign the file itself. Whoever approves a later version needs the approvers of version ${document.version} as well.</p>
<pre>sha256sum ${file}
ssh-keygen -Y sign -n throughline -f ~/.ssh/id_ed25519 ${file}</pre>`;
}
