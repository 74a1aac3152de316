import {
  type Dsa,
  documentSchema,
  type FieldManifest,
  parseYaml,
  type SourceText,
  type Written,
} from '@throughline/agreement';
import { type Sha256, safeName } from '@throughline/core';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import readWorkbook from 'read-excel-file/universal';
import writeWorkbook from 'write-excel-file/universal';
import { type SheetColumn, sheetColumns } from './layout.js';
import type { HeaderChange, SheetSource } from './rows.js';
import { writeManifestSheet } from './write.js';

const source = (name: string, lines: readonly string[]): SourceText => ({
  file: safeName(name),
  text: `${lines.join('\n')}\n`,
});

export const manifestText = source('students.yaml', [
  'kind: manifest',
  'id: school-students',
  'version: 3',
  'title: Students of the school',
  'effective: 2025-07-01',
  'expires: 2026-06-30',
  'partner: school',
  'agreement: dsa-school',
  'extract: students',
  'purpose: Who is enrolled, and their identifiers for the linkage.',
  'format: { type: delimited, encoding: utf-8, delimiter: ",", quote: \'"\' }',
  'records: { space: student, key: [Student ID], identifiers: true, one_row_each: true, duplicate_free: true }',
  'payload_table: students',
  'scope: { covers_from: 2025-08-01, covers_to: 2026-06-15, active_only: false, exceptions_only: false }',
  'limits: { rejected_share: 0.01, unmapped_share: 0.05 }',
  'splits: [{ column: Parts, at: " / ", into: [Left, Right] }]',
  'fields:',
  ...[
    'name: Student ID, description: number of the student, type: id, sensitivity: direct, treatment: [internal, link], identifier: district_id',
    'name: Grade, description: grade of the student, type: code, codes: { "9": "09" }, sensitivity: low, treatment: [keep], column: grade',
    'name: Birth, description: date of birth, type: date, format: ["%Y-%m-%d"], sensitivity: direct, treatment: [link], identifier: birth_date',
    'name: Consent, description: whether the family agrees, type: text, sensitivity: low, treatment: [internal], only_when: ["yes"]',
    'name: Home language, description: spoken at home, type: text, sensitivity: indirect, treatment: [keep], column: home_language',
    'name: Shoe, description: size of the shoe, type: text, sensitivity: low, treatment: [drop]',
    'name: Left, description: the left part, type: text, sensitivity: low, treatment: [keep], column: school',
    'name: Right, description: the right part, type: text, sensitivity: low, treatment: [drop]',
  ].map((field) => `  - { ${field}, purpose: the reason why, basis: ferpa-studies }`),
]);

const dsaText = source('dsa.yaml', [
  'kind: dsa',
  'id: dsa-school',
  'version: 1',
  'title: Agreement of the school',
  'effective: 2025-07-01',
  'expires: 2026-06-30',
  'emou: emou-a',
  'partner: school',
  'basis: [ferpa-studies, state-law]',
  'purpose: To improve instruction by learning what helps.',
  'scope: Students enrolled in the school year.',
  'permitted_uses: [linkage, public-release]',
  'prohibited_uses: [marketing]',
  'authorised_people: [{ name: Ruth, role: data lead, interest: runs the nightly pipeline }]',
  'safeguards: [Identifiers stay with the partner.]',
  'redisclosure: none',
  'recipients: [analyst-desk]',
  'approvers: [{ person: ann, name: Ann, role: registrar, keys: [] }]',
  'quorum: { at_least: 1 }',
  'destruction: { trigger: expiry, within_days: 90, method: Deletion of every copy., certificate_to: School }',
  'oversight: { reviewer: Board, cadence: quarterly }',
  'thresholds: { min_cell: 10 }',
]);

function filed<Kind extends 'manifest' | 'dsa'>(text: SourceText, kind: Kind, digit: string) {
  const document = parseYaml(text, documentSchema);
  if (document.kind !== kind) throw new RangeError('filed: a document of the kind expected');
  return { document, file: text.file, sha256: digit.repeat(64) as Sha256 };
}

const manifest = filed(manifestText, 'manifest', 'a') as Written<FieldManifest>;
const dsa = filed(dsaText, 'dsa', 'b') as Written<Dsa>;

export const sheetSource = (change?: HeaderChange): SheetSource => ({
  manifest,
  dsa,
  measuresOf: (column) => (column === 'grade' ? ['chronic_absence'] : []),
  change,
});

/** A row of the sheet under the names of its columns. */
export type EditedRow = Record<SheetColumn, string>;
type Edit = (rows: EditedRow[], about: string[][]) => EditedRow[] | undefined;

const keys = sheetColumns.map(({ key }) => key);

/** The sheet as another program gives it back after somebody has edited it: other bytes, the same cells. */
export async function returned(edit: Edit, change?: HeaderChange): Promise<Uint8Array> {
  const sheets = await readWorkbook(bufferOf(await writeManifestSheet(sheetSource(change))), { trim: false });
  const textsOf = (name: string): string[][] =>
    (sheets.find(({ sheet }) => sheet === name)?.data ?? []).map((row) =>
      row.map((cell) => String(cell ?? '')),
    );
  const [header = [], ...cells] = textsOf('Fields');
  const about = textsOf('About');
  const rows = cells.map(
    (row) => Object.fromEntries(keys.map((key, at) => [key, row[at] ?? ''])) as EditedRow,
  );
  const edited = edit(rows, about) ?? rows;
  const file = await writeWorkbook([
    { sheet: 'Fields', data: [header, ...edited.map((row) => keys.map((key) => row[key]))] },
    { sheet: 'About', data: about },
  ]).toBlob();
  return new Uint8Array(await file.arrayBuffer());
}

export const bufferOf = (bytes: Uint8Array): ArrayBuffer => {
  const copy = new ArrayBuffer(bytes.length);
  new Uint8Array(copy).set(bytes);
  return copy;
};

/** The same workbook with some of its parts changed or added. */
export function withParts(
  bytes: Uint8Array,
  changed: Readonly<Record<string, string | ((xml: string) => string)>>,
): Uint8Array {
  const parts = unzipSync(bytes);
  for (const [name, part] of Object.entries(changed)) {
    const before = strFromU8(parts[name] ?? new Uint8Array());
    parts[name] = strToU8(typeof part === 'string' ? part : part(before));
  }
  return zipSync(parts);
}

/** The row of a column. */
export const rowOf = (rows: readonly EditedRow[], column: string): EditedRow => {
  const found = rows.find((row) => row.column === column);
  if (found === undefined) throw new RangeError('rowOf: a column of the sheet expected');
  return found;
};
