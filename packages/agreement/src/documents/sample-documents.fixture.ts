import { type Sha256, safeName } from '@throughline/core';
import { type DocumentFile, type DocumentSet, type Judge, readDocuments } from './set.js';

/** Documents for the tests of this package: valid ones, to be spoilt one field at a time. */

type Fields = Readonly<Record<string, unknown>>;

const dates = { effective: '2025-07-01', expires: '2026-06-30' };
const answer = { answer: 'Counsel finds it sufficient.', decided_by: 'Counsel', on: '2025-06-01' };

const one = { at_least: 1 };
const ann = { person: 'ann', name: 'Ann', role: 'records officer', keys: [] };

export const emou: Fields = {
  kind: 'emou',
  id: 'emou-a',
  version: 1,
  title: 'Memorandum',
  ...dates,
  parties: ['school', 'clinic'],
  purpose: 'To learn which services reach which children.',
  governance: { body: 'Board', decides: 'What is shared and released.', meets: 'monthly' },
  approvers: [{ ...ann, party: 'clinic', approves: ['emou'] }],
  quorums: { emou: one, dsa: one, dul: one, 'release-policy': one },
  thresholds: { min_cell: 10 },
  linkage: {
    epoch: '2026-1',
    rules: [{ name: 'name_birth', parts: ['first', 'last', 'birth_date'], basis: 'exact' }],
  },
};

export const dsa: Fields = {
  kind: 'dsa',
  id: 'dsa-school',
  version: 1,
  title: 'Agreement of the school',
  ...dates,
  emou: 'emou-a',
  partner: 'school',
  basis: ['ferpa-studies'],
  purpose: 'To improve instruction by learning what helps.',
  scope: 'Students enrolled in the school year.',
  permitted_uses: ['linkage', 'public-release'],
  prohibited_uses: ['marketing', 'reidentification'],
  authorised_people: [{ name: 'Ruth', role: 'data lead', interest: 'runs the nightly pipeline' }],
  safeguards: ['Identifiers stay with the partner.'],
  redisclosure: 'none',
  recipients: ['analyst-desk', 'public'],
  destruction: {
    trigger: 'expiry',
    within_days: 90,
    method: 'Deletion of every copy.',
    certificate_to: 'School',
  },
  oversight: { reviewer: 'Board', cadence: 'quarterly' },
  thresholds: { min_cell: 10 },
  approvers: [ann],
  quorum: one,
  ferpa_studies: {
    kind: 'improve-instruction',
    duration: { start: '2025-01-01', end: '2030-06-30' },
    information: 'The columns that the manifests keep.',
    only_for_purpose: true,
    no_personal_identification: true,
    disclaimer: 'The school need not agree with the results.',
  },
};

export const clinicDsa: Fields = { ...dsa, id: 'dsa-clinic', partner: 'clinic' };

export const dul: Fields = {
  kind: 'dul',
  id: 'dul-a',
  version: 1,
  title: 'Licence for the snapshot',
  ...dates,
  emou: 'emou-a',
  licensee: 'Cabinet',
  project: 'Tables of access and outcome.',
  uses: ['public-release'],
  recipients: ['public'],
  measures: ['chronic_absence', 'participation'],
  thresholds: { min_cell: 10 },
  determination: {
    method: 'Thresholds, complementary suppression and an attack.',
    by: 'Board',
    on: '2025-06-01',
  },
  four_questions: { legal: answer, ethical: answer, good_idea: answer, how_do_we_know: answer },
};

export const policy: Fields = {
  kind: 'release-policy',
  id: 'policy-a',
  version: 1,
  title: 'How tables are protected',
  ...dates,
  emou: 'emou-a',
  min_cell: 10,
  min_interval_width: 5,
  rate_decimals: 0,
};

export const recordField: Fields = {
  name: 'Student ID',
  description: 'number of the student',
  type: 'id',
  sensitivity: 'direct',
  treatment: ['internal'],
  purpose: 'names the record',
  basis: 'ferpa-studies',
};

export const gradeField: Fields = {
  name: 'Grade',
  description: 'grade of the student',
  type: 'code',
  sensitivity: 'low',
  treatment: ['keep'],
  column: 'grade',
  codes: { '01': '01', '9': '09' },
  purpose: 'a dimension of the tables',
  basis: 'ferpa-studies',
};

export const birthField: Fields = {
  name: 'DOB',
  description: 'date of birth',
  type: 'date',
  format: ['%m/%d/%Y'],
  sensitivity: 'direct',
  treatment: ['link'],
  identifier: 'birth_date',
  purpose: 'the linkage of records',
  basis: 'ferpa-studies',
};

export const manifest: Fields = {
  kind: 'manifest',
  id: 'school-students',
  version: 1,
  title: 'Students of the school',
  ...dates,
  partner: 'school',
  agreement: 'dsa-school',
  extract: 'students',
  purpose: 'Who is enrolled, and their identifiers for the linkage.',
  format: { type: 'delimited', encoding: 'utf-8', delimiter: ',', quote: '"' },
  records: {
    space: 'school-student',
    key: ['Student ID'],
    identifiers: true,
    one_row_each: true,
    duplicate_free: true,
  },
  payload_table: 'students',
  scope: { covers_from: '2025-08-01', covers_to: '2026-06-15', active_only: false, exceptions_only: false },
  limits: { rejected_share: 0.01, unmapped_share: 0.05 },
  fields: [recordField, gradeField, birthField],
};

/** A document's file; JSON is YAML. Its hash stands for its text. */
export const filed = (document: Fields): DocumentFile => {
  const { kind, id, version } = document;
  return {
    file: safeName(`${kind}-${id}-${version}.yaml`),
    text: JSON.stringify(document),
    sha256: hashOf(document),
  };
};

/** A stand-in for a hash: 64 digits that differ where the documents do (FNV-1a, repeated). */
export function hashOf(document: Fields): Sha256 {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(JSON.stringify(document))) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash.toString(16).padStart(8, '0').repeat(8) as Sha256;
}

const all = { emou, dsa, clinicDsa, dul, policy, manifest };

/** For tests of what follows from approved documents: whoever is not named here has approved. */
export const everybodyApproves =
  (...drafts: readonly Fields[]): Judge =>
  () =>
  ({ sha256 }) =>
    drafts.some((draft) => hashOf(draft) === sha256)
      ? { refusal: { code: 'DOCUMENT_NOT_APPROVED', details: {} } }
      : { approvals: [] };

export const SAMPLE_DAY = '2025-12-01';

type Changes = Readonly<Partial<Record<keyof typeof all, Fields | null>>>;

/** The files of the whole set with some documents changed, left out (null) or added. */
export const filesWith = (changed: Changes = {}, ...added: readonly Fields[]): DocumentFile[] =>
  [...Object.values<Fields | null>({ ...all, ...changed }).filter((each) => each !== null), ...added].map(
    filed,
  );

/** The whole set with some documents changed, left out (null) or added; all of them approved. */
export const documentsWith = (changed: Changes = {}, ...added: readonly Fields[]): DocumentSet =>
  readDocuments(filesWith(changed, ...added), { day: SAMPLE_DAY, judge: everybodyApproves() });
