import { describe, expect, it } from 'vitest';
import { type Dsa, type Dul, dsa as dsaSchema, dul as dulSchema } from '../documents/documents.js';
import { documentsWith, dsa, dul, manifest } from '../documents/sample-documents.fixture.js';
import type { LegalBasis } from '../documents/terms.js';
import { termsOf } from '../force/in-force.js';
import { lacksOf, licenceLacks, manifestLacks } from './lacks.js';
import { basisRules } from './rules.js';

const DAY = '2026-06-16';
const SENTENCE = 'A sentence that says what it must.';
const HASH = 'a'.repeat(64);

type Fields = Readonly<Record<string, unknown>>;
type Block = { readonly name: string; readonly fields: Fields };

/** What an agreement says that lacks nothing, for each basis. */
const blocks: Readonly<Record<LegalBasis, Block | undefined>> = {
  'ferpa-studies': { name: 'ferpa_studies', fields: dsa['ferpa_studies'] as Fields },
  'ferpa-audit-evaluation': {
    name: 'ferpa_audit',
    fields: {
      authorised_representative: { entity: 'City', person: 'Ruth' },
      program: { name: 'Title I', funding: 'federal' },
      information: SENTENCE,
      activity: SENTENCE,
      use_of_pii: SENTENCE,
      reasonable_methods: [SENTENCE],
    },
  },
  'ferpa-school-official': {
    name: 'ferpa_school_official',
    fields: { institutional_function: SENTENCE, direct_control: 'clause 4', annual_notice: 'the handbook' },
  },
  'ferpa-directory': {
    name: 'ferpa_directory',
    fields: { designated: ['name'], notice_on: '2025-08-15', opt_outs_honoured: true },
  },
  'ferpa-consent': {
    name: 'ferpa_consent',
    fields: {
      form_sha256: HASH,
      specifies_records: true,
      states_purpose: true,
      names_recipients: true,
      signed_and_dated: true,
    },
  },
  'hipaa-authorisation': {
    name: 'hipaa_authorisation',
    fields: {
      form_sha256: HASH,
      describes_information: true,
      names_discloser: true,
      names_recipients: true,
      states_purpose: true,
      expires_by: 'end of school year',
      may_be_revoked: true,
      signed_and_dated: true,
    },
  },
  'hipaa-limited-data-set': {
    name: 'hipaa_limited_data_set',
    fields: {
      purpose: 'research',
      permitted: SENTENCE,
      recipients: ['Desk'],
      no_other_use: true,
      appropriate_safeguards: true,
      reports_breaches_within_days: 1,
      agents_same_terms: true,
      no_identification_or_contact: true,
    },
  },
  'hipaa-expert-determination': {
    name: 'hipaa_expert',
    fields: {
      name: 'Ann Expert',
      credential: 'PhD',
      report_sha256: HASH,
      expires: '2027-06-30',
      conditions: [],
      very_small_risk: true,
      anticipated_recipients: ['City'],
    },
  },
  '42-cfr-part-2-research': {
    name: 'part2',
    fields: {
      irb: { id: 'IRB-1', expires: '2027-06-30' },
      destroy_after_delivery: true,
      resists_legal_process: true,
      no_redisclosure: true,
      aggregate_reports_only: true,
    },
  },
  'cms-data-use-agreement': { name: 'cms', fields: { agreement_number: '12345', derived_cells_too: true } },
  'state-law': { name: 'state_law', fields: { citation: 'M.G.L. c. 71', allows: SENTENCE } },
  'owner-programme-records': undefined,
};

const { ferpa_studies: _, ...plain } = dsa as Fields & { ferpa_studies: unknown };
const complete: Fields = {
  ...plain,
  prohibited_uses: ['reidentification', 'row-level-release'],
  oversight: { reviewer: 'Board', cadence: 'yearly', last_review: '2026-01-15' },
  thresholds: { min_cell: 11 },
};
const agreement = (basis: LegalBasis, block: Fields | undefined, over: Fields = {}): Dsa => {
  const named = blocks[basis];
  const terms = named === undefined || block === undefined ? {} : { [named.name]: block };
  return dsaSchema.parse({ ...complete, basis: [basis], ...terms, ...over });
};
const clauses = (one: Dsa, day = DAY) => lacksOf(one, day).map(({ clause }) => clause);

describe('what an agreement lacks', () => {
  it.each(Object.keys(blocks) as LegalBasis[])('is nothing, if it says what %s asks for', (basis) => {
    expect(lacksOf(agreement(basis, blocks[basis]?.fields), DAY)).toEqual([]);
  });

  const missing = Object.entries(blocks).flatMap(([basis, block]) =>
    Object.keys(block?.fields ?? {})
      .filter((field) => field !== 'conditions')
      .map((field) => [basis as LegalBasis, field] as const),
  );
  it.each(missing)('under %s is %s, if it is not there', (basis, field) => {
    const { name = '', fields = {} } = blocks[basis] ?? {};
    const rest = Object.fromEntries(Object.entries(fields).filter(([each]) => each !== field));
    const lacks = lacksOf(agreement(basis, rest), DAY);
    expect(lacks.map(({ clause }) => clause)).toContain(`${name}.${field}`);
    for (const { cites } of lacks) expect(cites).toMatch(/CFR|CMS|provision/);
  });

  it.each(
    Object.keys(blocks) as LegalBasis[],
  )('under %s is all of it, if the block is not there', (basis) => {
    const named = basisRules[basis].filter(({ clause }) => clause.startsWith(blocks[basis]?.name ?? '-'));
    const expected = named.filter(({ says }) => !says(agreement(basis, undefined), DAY));
    expect(expected.length).toBeGreaterThanOrEqual(Object.keys(blocks[basis]?.fields ?? {}).length - 1);
    expect(clauses(agreement(basis, undefined))).toEqual(
      expect.arrayContaining(expected.map(({ clause }) => clause)),
    );
  });

  it.each<[LegalBasis, Fields, string]>([
    ['ferpa-studies', { prohibited_uses: [] }, 'prohibited_uses: reidentification'],
    ['ferpa-audit-evaluation', { oversight: { reviewer: 'B.', cadence: 'yearly' } }, 'oversight.last_review'],
    ['hipaa-limited-data-set', { prohibited_uses: [] }, 'prohibited_uses: reidentification'],
    ['42-cfr-part-2-research', { prohibited_uses: ['marketing'] }, 'prohibited_uses: row-level-release'],
    ['42-cfr-part-2-research', { redisclosure: ['A lab'] }, 'redisclosure: none'],
    ['cms-data-use-agreement', { thresholds: { min_cell: 10 } }, 'thresholds.min_cell: 11'],
    ['owner-programme-records', { massachusetts: { rights_holder_at: 14 } }, 'massachusetts.annual_notice'],
  ])('under %s, elsewhere in the document: %j', (basis, over, clause) => {
    expect(clauses(agreement(basis, blocks[basis]?.fields, over))).toContain(clause);
  });

  it.each<[LegalBasis, string, string]>([
    ['ferpa-studies', '2030-07-01', 'ferpa_studies.duration'],
    ['ferpa-studies', '2024-12-31', 'ferpa_studies.duration'],
    ['hipaa-expert-determination', '2027-07-01', 'hipaa_expert.expires'],
    ['42-cfr-part-2-research', '2027-07-01', 'part2.irb'],
  ])('under %s on %s is what has run out: %s', (basis, day, clause) => {
    expect(clauses(agreement(basis, blocks[basis]?.fields), day)).toEqual([clause]);
  });

  it('is told with the provision, and stops every stage', () => {
    const documents = documentsWith({ dsa: { ...dsa, prohibited_uses: ['marketing'] } });
    expect(() => termsOf(documents, 'school', { day: '2025-12-01', use: 'linkage' })).toThrow(
      expect.objectContaining({
        code: 'BASIS_INCOMPLETE',
        details: expect.objectContaining({
          document: 'dsa-school',
          lacks: ['prohibited_uses: reidentification (34 CFR 99.31(a)(6)(iii)(C)(3))'],
        }),
      }),
    );
  });
});

describe('what a licence lacks', () => {
  const licence = (over: Fields): Dul => dulSchema.parse({ ...dul, determination: undefined, ...over });
  const under = (basis: LegalBasis) => [agreement(basis, blocks[basis]?.fields)];
  const determination = { method: SENTENCE, by: 'Board', on: '2026-06-01' };
  const record_code = { kind: 'random', scope: 'per-licence' };

  it.each<[string, LegalBasis, Fields, string[]]>([
    ['a public release', 'ferpa-studies', {}, ['determination']],
    ['a public release with its determination', 'ferpa-studies', { determination }, []],
    ['rows for researchers', 'ferpa-consent', { determination, uses: ['research-release'] }, ['record_code']],
    [
      'rows with a random code',
      'ferpa-consent',
      { determination, record_code, uses: ['research-release'] },
      [],
    ],
    [
      'rows under part 2',
      '42-cfr-part-2-research',
      { uses: ['research-release'] },
      ['uses: no research-release'],
    ],
    [
      'a limited data set for all',
      'hipaa-limited-data-set',
      { uses: ['research-release'] },
      ['recipients: no public'],
    ],
    ['records of the owner alone', 'owner-programme-records', {}, []],
  ])('%s', (_what, basis, over, expected) => {
    expect(licenceLacks(licence(over), under(basis)).map(({ clause }) => clause)).toEqual(expected);
  });
});

describe('what a manifest lacks', () => {
  const { manifests } = documentsWith();
  const [{ document } = { document: undefined }] = manifests;
  if (document === undefined) throw new Error(`a manifest expected: ${manifest['id']}`);
  const classed = (hipaa_class: 'B' | 'D' | 'none') => ({
    ...document,
    fields: document.fields.map((each) => ({ ...each, hipaa_class })),
  });

  it('is a class for each field, where the list of identifiers decides', () => {
    expect(manifestLacks(document, { basis: ['hipaa-authorisation'] })).toEqual([]);
    expect(manifestLacks(document, { basis: ['hipaa-expert-determination'] })).toHaveLength(3);
    expect(manifestLacks(classed('none'), { basis: ['hipaa-expert-determination'] })).toEqual([]);
  });

  it('is nothing that a limited data set may keep; only kept fields count', () => {
    expect(manifestLacks(classed('B'), { basis: ['hipaa-limited-data-set'] })).toEqual([]);
    expect(manifestLacks(classed('D'), { basis: ['hipaa-limited-data-set'] })).toEqual([
      { clause: 'fields: Grade', cites: '45 CFR 164.514(e)(2)' },
    ]);
  });
});
