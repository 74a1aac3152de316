import {
  type Dsa,
  type Dul,
  type Emou,
  type FieldManifest,
  type Filed,
  leavesAnything,
  leavingOf,
  type ManifestField,
} from '@throughline/agreement';
import { counted, dateInWords, html, type Markup, nothing } from '@throughline/pages';
import { facts, paperPage } from './paper.js';

/** How many cells of a release are published and how many withheld. */
export type ReleasedCells = {
  readonly published: number;
  readonly withheld: number;
  /** The number of the frozen release; undefined for a candidate, which is published nowhere. */
  readonly number: number | undefined;
  readonly on: string;
};

export type Account = {
  readonly city: string;
  readonly day: string;
  readonly synthetic: boolean;
  readonly emou: Filed<Emou>;
  readonly dul: Filed<Dul>;
  readonly minCell: number;
  readonly partners: readonly PartnerAccount[];
  readonly released: ReleasedCells | undefined;
};

export type PartnerAccount = {
  readonly dsa: Filed<Dsa>;
  readonly manifests: readonly Filed<FieldManifest>[];
};

/** What a parent may know without asking: which agreements, which fields, for what, what was withheld, who answers. */
export function accountPaper(account: Account): string {
  const { city, day, synthetic, emou } = account;
  return paperPage({
    title: `What is done with children's records in ${city}`,
    kicker: `${city} · as of ${dateInWords(day)}`,
    foot: `Written from the signed documents in force on ${day}. Memorandum SHA-256 ${emou.sha256}`,
    synthetic,
    body: [
      opening(account),
      ...account.partners.map(partnerSection),
      publishedSection(account),
      answersSection(account),
    ],
  });
}

const opening = ({ emou: { document }, dul, partners }: Account): Markup => html`
<p>${document.purpose}</p>
<p>${counted(partners.length, 'organisation takes', 'organisations take')} part. Each keeps its own records. No name, birth date, address or number of a child leaves the organisation that has it: it is turned there into coded tokens, from which nobody without a secret key can work it back. Others see the tokens, and the few columns that are listed below.</p>
${facts([
  ['Who governs', `${document.governance.body}: ${document.governance.decides}`],
  ['What is made of it', dul.document.project],
  ['For', dul.document.licensee],
  ['In force until', dateInWords(document.expires)],
])}`;

function partnerSection({ dsa: { document }, manifests }: PartnerAccount): Markup {
  return html`<h2>${document.title}</h2>
<p>${document.purpose} ${document.scope}</p>
${facts([
  ['In force until', dateInWords(document.expires)],
  ['Legal basis', document.basis.map(codeInWords).join(', ')],
  ['Used for', document.permitted_uses.map(codeInWords).join(', ')],
  ['Never used for', document.prohibited_uses.map(codeInWords).join(', ')],
  ['Passed on', document.redisclosure === 'none' ? 'to nobody' : document.redisclosure.join(', ')],
  ['Destroyed', `within ${document.destruction.within_days} days of the end: ${document.destruction.method}`],
])}
${manifests.map(({ document: manifest }) => extractTable(manifest))}`;
}

const codeInWords = (code: string): string =>
  code.replaceAll('-', ' ').replace(/\b(?:ferpa|hipaa)\b/, (name) => name.toUpperCase());

function extractTable({ title, purpose, fields }: FieldManifest): Markup {
  const leaving = fields.filter(leavesAnything);
  const staying = fields.length - leaving.length;
  const rest = `${counted(staying, 'other column', 'other columns')} of the list stay where they are or are not even read.`;
  if (leaving.length === 0)
    return html`<p><strong>${title}.</strong> ${purpose} Nothing of it leaves: ${rest}</p>`;
  return html`<table>
<caption>${title}. ${purpose}</caption>
<thead><tr><th>What it is</th><th>What leaves</th><th>What it is for</th></tr></thead>
<tbody>${leaving.map((field) => html`<tr><td>${field.description}</td><td>${whatLeaves(field)}</td><td>${field.purpose}</td></tr>`)}</tbody>
</table>
<p>${rest}</p>`;
}

function whatLeaves(field: ManifestField): string {
  const { tokens, value } = leavingOf(field);
  const values = {
    nothing: [],
    exact: [field.type === 'code' ? 'a word of a short list, without a name' : 'as it is, without a name'],
    month: ['its month only, without a name'],
    year: ['its year only, without a name'],
  } as const;
  return [...(tokens ? ['coded tokens'] : []), ...values[value]].join('; ');
}

function publishedSection({ released, minCell }: Account): Markup {
  const rule = html`<p>A count of fewer than ${minCell} children is never published, nor one from which it could be worked out: such cells are withheld, and each release is attacked by a computer before anybody sees it.</p>`;
  if (released === undefined)
    return html`<h2>What is published</h2>${rule}<p>Nothing has been released yet.</p>`;
  const { published, withheld, number, on } = released;
  const what =
    number === undefined ? 'The latest candidate, which is published nowhere,' : `Release ${number}`;
  return html`<h2>What is published</h2>${rule}
<p>${what} of ${dateInWords(on)} has ${counted(published + withheld, 'cell', 'cells')}: ${counted(published, 'is', 'are')} shown, ${counted(withheld, 'is', 'are')} withheld.</p>`;
}

function answersSection({ partners, emou }: Account): Markup {
  const people = new Map(
    partners.flatMap(({ dsa }) => dsa.document.authorised_people).map((person) => [person.name, person]),
  );
  return html`<h2>Who can answer</h2>
<table><thead><tr><th>Name</th><th>Position</th><th>Why they may see the records</th></tr></thead>
<tbody>${[...people.values()].map(({ name, role, interest }) => html`<tr><td>${name}</td><td>${role}</td><td>${interest}</td></tr>`)}</tbody></table>
<h2>What you may ask for</h2>
<p>Ask the school, programme or clinic that has your child's records. It can leave them out from any day on and gives you a receipt that says in how many releases they were counted. It shows you the record of every disclosure: to whom, when, which parts and for what. Complaints go to ${emou.document.governance.body}.</p>
${partners.length === 0 ? nothing : html`<p>For each organisation: ${partners.map(({ dsa }) => `${dsa.document.partner}: ${dsa.document.oversight.reviewer}, ${dsa.document.oversight.cadence}`).join('; ')}.</p>`}`;
}
