import { type Judge, readDocuments } from '@throughline/agreement';
import {
  codeListOf,
  columnsOf,
  type ErrorCode,
  type PayloadTable,
  payloadCodes,
  payloadTables,
  safeName,
  ThroughlineError,
} from '@throughline/core';
import { sha256Of } from '@throughline/engine';
import { describe, expect, it } from 'vitest';
import type { MeasureConfig } from '../config/config.js';
import { whole } from '../reference/city.js';
import { governing } from './governing.js';

const config: MeasureConfig = await whole({
  period: { from: '2025-09-01', to: '2026-06-15' },
  snapshot: '2026-06-15',
  bands: [{ name: '1-5', grades: ['04'] }],
  dimensions: ['school', 'race_ethnicity'],
  two_way: [],
  measures: [
    { measure: 'chronic_absence', preset: 'ma' },
    { measure: 'afterschool_participation', preset: 'any_session' },
  ],
  partners: { enrolment: ['district', 'charter'], afterschool: ['clubs'] },
});

const common = (id: string) => ({
  id,
  version: 1,
  title: 'A document',
  effective: '2025-07-01',
  expires: '2026-06-30',
});
const thresholds = { min_cell: 10 };
const sentence = 'A sentence that says something.';

const one = { at_least: 1 };
const owner = { person: 'owner', name: 'An Owner', role: 'data officer', keys: [] };

const emou = {
  kind: 'emou',
  ...common('emou-city'),
  parties: ['district', 'charter', 'clubs'],
  purpose: sentence,
  governance: { body: 'Board', decides: sentence, meets: 'monthly' },
  approvers: [{ ...owner, party: 'clubs', approves: ['emou'] }],
  quorums: { emou: one, dsa: one, dul: one, 'release-policy': one },
  thresholds,
  linkage: { epoch: '2026-1', rules: [{ name: 'names', parts: ['first', 'last'], basis: 'exact' }] },
};

const dsa = (partner: string, uses: readonly string[] = ['access-measures', 'outcome-measures']) => ({
  kind: 'dsa',
  ...common(`dsa-${partner}`),
  emou: 'emou-city',
  partner,
  basis: ['owner-programme-records'],
  purpose: sentence,
  scope: sentence,
  permitted_uses: uses,
  prohibited_uses: [],
  authorised_people: [{ name: 'A Person', role: 'lead', interest: sentence }],
  safeguards: [sentence],
  redisclosure: 'none',
  recipients: ['public'],
  approvers: [owner],
  quorum: one,
  destruction: { trigger: 'expiry', within_days: 90, method: sentence, certificate_to: 'Owner' },
  oversight: { reviewer: 'Board', cadence: 'yearly' },
  thresholds,
});

type Kept = { readonly partner: string; readonly table: PayloadTable; readonly columns: readonly string[] };

const manifest = ({ partner, table, columns }: Kept, over: object = {}) => ({
  kind: 'manifest',
  ...common(`${partner}-${table}`),
  partner,
  agreement: `dsa-${partner}`,
  extract: table,
  purpose: sentence,
  format: { type: 'delimited', encoding: 'utf-8', delimiter: ',', quote: '"' },
  records: aboutRecords(table)
    ? { space: 'records', key: ['key'], identifiers: false, one_row_each: false, duplicate_free: false }
    : null,
  payload_table: table,
  scope: { covers_from: '2025-09-01', covers_to: '2026-06-15', active_only: false, exceptions_only: true },
  limits: { rejected_share: 0, unmapped_share: 0 },
  fields: [
    ...columns.map((column) => field(column, { treatment: ['keep'], column, ...typeOf(table, column) })),
    ...(aboutRecords(table) ? [field('key', { treatment: ['internal'], type: 'id' })] : []),
  ],
  ...over,
});

const aboutRecords = (table: PayloadTable): boolean => 'record_id' in payloadTables[table];
const field = (name: string, rest: object) => ({
  name,
  description: 'A column',
  sensitivity: 'low',
  purpose: 'the measure',
  basis: 'owner-programme-records',
  ...rest,
});

function typeOf(table: PayloadTable, column: string): object {
  const list = codeListOf[column];
  if (list !== undefined) return { type: 'code', codes: { x: payloadCodes[list][0] } };
  const type = columnsOf(payloadTables[table]).find(({ name }) => name === column)?.type;
  if (type === 'DATE') return { type: 'date', format: ['%Y-%m-%d'] };
  return { type: type === 'INTEGER' ? 'integer' : 'text' };
}

type Document = { readonly kind: string; readonly id: string };
const filed = (document: object) => {
  const text = JSON.stringify(document);
  return { file: safeName('document.yaml'), text, sha256: sha256Of(text) };
};
const enrolmentColumns = ['school', 'grade', 'entry_date', 'exit_date', 'no_show'];
const school = (partner: string): Kept[] => [
  { partner, table: 'students', columns: ['active', 'race', 'hispanic'] },
  { partner, table: 'enrolments', columns: enrolmentColumns },
  { partner, table: 'calendar', columns: ['school', 'day', 'in_session'] },
  { partner, table: 'absences', columns: ['day', 'absent'] },
];
const clubs: Kept = { partner: 'clubs', table: 'sessions', columns: ['status', 'day', 'attended'] };
const everything = [...school('district'), ...school('charter'), clubs];
const agreements: readonly Document[] = [emou, dsa('district'), dsa('charter'), dsa('clubs')];

const without = (table: PayloadTable, column: string, partners: readonly string[]) =>
  everything.map((kept) =>
    kept.table === table && partners.includes(kept.partner)
      ? { ...kept, columns: kept.columns.filter((each) => each !== column) }
      : kept,
  );
const approved = (kept: readonly Kept[]) => kept.map((each) => manifest(each));

/** A document as if nobody had approved it. */
const unapproved = new WeakSet<object>();
const draftOf = (document: object): object => {
  const draft = { ...document };
  unapproved.add(draft);
  return draft;
};

const governed = (documents: readonly object[], day = '2026-06-16') => {
  const drafts = documents.filter((each) => unapproved.has(each)).map((each) => filed(each).sha256);
  const judge: Judge = () => (one) =>
    drafts.includes(one.sha256)
      ? { refusal: { code: 'DOCUMENT_NOT_APPROVED', details: {} } }
      : { approvals: [] };
  const set = readDocuments(documents.map(filed), { day, judge });
  return governing(set, { of: 'city', day, config });
};

const refusal = (documents: readonly object[], day?: string): { code: ErrorCode; details: object } => {
  try {
    governed(documents, day);
  } catch (thrown) {
    if (thrown instanceof ThroughlineError) return { code: thrown.code, details: thrown.details };
  }
  throw new Error('a refusal expected');
};

describe('what governs the measures', () => {
  it('names every agreement and manifest once', () => {
    const found = governed([...agreements, ...approved(everything)]);
    const kinds = found.map(({ document }) => document.kind).sort();
    expect(kinds.filter((kind) => kind === 'emou')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'dsa')).toHaveLength(3);
    expect(kinds.filter((kind) => kind === 'manifest')).toHaveLength(9);
  });

  it.each([
    ['enrolments', 'exit_date', 'chronic_absence_ma'],
    ['students', 'active', 'chronic_absence_ma'],
    ['calendar', 'in_session', 'chronic_absence_ma'],
  ] as const)('refuses where one school does not share %s.%s', (table, column, measure) => {
    expect(refusal([...agreements, ...approved(without(table, column, ['charter']))])).toEqual({
      code: 'FIELD_NOT_APPROVED',
      details: { measure, partner: 'charter', fields: [`${table}.${column}`] },
    });
  });

  it('refuses where the programme does not share attendance', () => {
    expect(refusal([...agreements, ...approved(without('sessions', 'attended', ['clubs']))])).toEqual({
      code: 'FIELD_NOT_APPROVED',
      details: {
        measure: 'afterschool_participation_any_session',
        partner: 'clubs',
        fields: ['sessions.attended'],
      },
    });
  });

  it.each([
    ['students', 'hispanic'],
    ['absences', 'absent'],
  ] as const)('does with one school that shares %s.%s, not with none', (table, column) => {
    governed([...agreements, ...approved(without(table, column, ['charter']))]);
    const none = refusal([...agreements, ...approved(without(table, column, ['charter', 'district']))]);
    expect(none).toMatchObject({ code: 'FIELD_NOT_APPROVED', details: { fields: [`${table}.${column}`] } });
  });

  it('takes minutes for a mark, and a constant for a column', () => {
    const minutes = {
      partner: 'district',
      table: 'absences',
      columns: ['day', 'absent_minutes', 'scheduled_minutes'],
    } as const;
    const constant = manifest(
      { partner: 'charter', table: 'enrolments', columns: enrolmentColumns.slice(1) },
      { constants: { school: '4710' } },
    );
    const rest = everything.filter(
      ({ partner, table }) => table !== 'absences' && (partner !== 'charter' || table !== 'enrolments'),
    );
    governed([...agreements, ...approved([...rest, minutes]), constant]);
  });

  it('refuses a field that is banded, dropped or in another table', () => {
    const enrolments: Kept = { partner: 'district', table: 'enrolments', columns: enrolmentColumns };
    const good = manifest(enrolments);
    const banded = { treatment: ['band'], band: 'month' };
    const coarse = {
      ...good,
      fields: good.fields.map((each) => (each.name === 'entry_date' ? { ...each, ...banded } : each)),
    };
    const rest = everything.filter(({ partner, table }) => partner !== 'district' || table !== 'enrolments');
    expect(refusal([...agreements, ...approved(rest), coarse])).toMatchObject({
      code: 'FIELD_NOT_APPROVED',
      details: { partner: 'district', fields: ['enrolments.entry_date'] },
    });
  });

  it('refuses a manifest that is not approved', () => {
    const [first, ...rest] = everything;
    if (first === undefined) throw new Error('a manifest expected');
    const students = draftOf(manifest(first));
    expect(refusal([...agreements, ...approved(rest), students]).code).toBe('DOCUMENT_NOT_APPROVED');
  });

  it('is not held up by a draft beside an approved manifest', () => {
    const draft = manifest(
      { partner: 'district', table: 'students', columns: ['active', 'race', 'hispanic'] },
      { id: 'draft' },
    );
    governed([...agreements, ...approved(everything), draftOf(draft)]);
  });

  it('refuses a use that an agreement of a partner used does not permit', () => {
    const narrow = [emou, dsa('district', ['access-measures']), dsa('charter'), dsa('clubs')];
    expect(refusal([...narrow, ...approved(everything)])).toMatchObject({
      code: 'USE_NOT_PERMITTED',
      details: { use: 'outcome-measures', document: 'dsa-district' },
    });
    const programmes = [emou, dsa('district'), dsa('charter'), dsa('clubs', ['linkage'])];
    expect(refusal([...programmes, ...approved(everything)])).toMatchObject({
      code: 'USE_NOT_PERMITTED',
      details: { use: 'access-measures', document: 'dsa-clubs' },
    });
  });

  it('refuses a period that is not over', () => {
    governed([...agreements, ...approved(everything)], '2026-06-15');
    expect(refusal([...agreements, ...approved(everything)], '2026-06-14')).toMatchObject({
      code: 'CONFIG_INVALID',
      details: { field: 'measures.period.to' },
    });
  });

  it('refuses the day after the last', () => {
    governed([...agreements, ...approved(everything)], '2026-06-30');
    expect(refusal([...agreements, ...approved(everything)], '2026-07-01').code).toBe('AGREEMENT_EXPIRED');
  });
});
