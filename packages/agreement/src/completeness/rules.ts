import type { Dsa, Dul } from '../documents/documents.js';
import type { LegalBasis } from '../documents/terms.js';

/** What a data-sharing agreement must say, and which provision asks for it. */
export type Requires = {
  /** The clause of the document, as its file names it. */
  readonly clause: string;
  readonly cites: string;
  /** Whether the agreement says it; the day matters where something may have run out. */
  readonly says: (dsa: Dsa, day: string) => boolean;
};

const STUDIES = '34 CFR 99.31(a)(6)(iii)';
const AUDIT = '34 CFR 99.35(a)(3)';
const LDS = '45 CFR 164.514(e)(4)(ii)';
const AUTHORISATION = '45 CFR 164.508(c)';
const PART2 = '42 CFR 2.52';
const MA = '603 CMR 23';

const requires = (clause: string, cites: string, says: Requires['says']): Requires => ({
  clause,
  cites,
  says,
});
const prohibits = (dsa: Dsa, what: Dsa['prohibited_uses'][number]) => dsa.prohibited_uses.includes(what);
const filled = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;

/** Requirements on the fields of one block of terms: [field, provision]. */
function fieldsOf<Block extends keyof Dsa>(
  block: Block,
  fields: readonly (readonly [keyof NonNullable<Dsa[Block]> & string, string])[],
): Requires[] {
  return fields.map(([field, cites]) =>
    requires(`${block}.${field}`, cites, (dsa) =>
      filled((dsa[block] as Record<string, unknown> | undefined)?.[field]),
    ),
  );
}

/** The rules of each basis; docs/explanation/agreements.md is written after this table. */
export const basisRules: Readonly<Record<LegalBasis, readonly Requires[]>> = {
  'ferpa-studies': [
    ...fieldsOf('ferpa_studies', [
      ['kind', '34 CFR 99.31(a)(6)(i)'],
      ['duration', `${STUDIES}(C)(1)`],
      ['information', `${STUDIES}(C)(1)`],
      ['only_for_purpose', `${STUDIES}(C)(2)`],
      ['no_personal_identification', `${STUDIES}(C)(3)`],
      ['disclaimer', '34 CFR 99.31(a)(6)(iv)'],
    ]),
    requires('ferpa_studies.duration', `${STUDIES}(C)(1)`, ({ ferpa_studies }, day) =>
      within(ferpa_studies?.duration, day),
    ),
    requires('prohibited_uses: reidentification', `${STUDIES}(C)(3)`, (dsa) =>
      prohibits(dsa, 'reidentification'),
    ),
  ],
  'ferpa-audit-evaluation': [
    ...fieldsOf('ferpa_audit', [
      ['authorised_representative', `${AUDIT}(i)`],
      ['information', `${AUDIT}(ii)(A)`],
      ['program', `${AUDIT}(ii)(B)`],
      ['activity', `${AUDIT}(ii)(C)`],
      ['use_of_pii', `${AUDIT}(ii)(C)`],
      ['reasonable_methods', '34 CFR 99.35(a)(2)'],
    ]),
    requires(
      'redisclosure',
      `${AUDIT}(v)`,
      (dsa) => dsa.redisclosure === 'none' || dsa.redisclosure.length > 0,
    ),
    requires('oversight.last_review', '34 CFR 99.35(a)(2)', ({ oversight }) => filled(oversight.last_review)),
  ],
  'ferpa-school-official': fieldsOf('ferpa_school_official', [
    ['institutional_function', '34 CFR 99.31(a)(1)(i)(B)(1)'],
    ['direct_control', '34 CFR 99.31(a)(1)(i)(B)(2)'],
    ['annual_notice', '34 CFR 99.7(a)(3)(iii)'],
  ]),
  'ferpa-directory': fieldsOf('ferpa_directory', [
    ['designated', '34 CFR 99.3'],
    ['notice_on', '34 CFR 99.37(a)'],
    ['opt_outs_honoured', '34 CFR 99.37(a)(2)'],
  ]),
  'ferpa-consent': fieldsOf('ferpa_consent', [
    ['form_sha256', '34 CFR 99.30(a)'],
    ['specifies_records', '34 CFR 99.30(b)(1)'],
    ['states_purpose', '34 CFR 99.30(b)(2)'],
    ['names_recipients', '34 CFR 99.30(b)(3)'],
    ['signed_and_dated', '34 CFR 99.30(a)'],
  ]),
  'hipaa-authorisation': fieldsOf('hipaa_authorisation', [
    ['form_sha256', `${AUTHORISATION}(1)`],
    ['describes_information', `${AUTHORISATION}(1)(i)`],
    ['names_discloser', `${AUTHORISATION}(1)(ii)`],
    ['names_recipients', `${AUTHORISATION}(1)(iii)`],
    ['states_purpose', `${AUTHORISATION}(1)(iv)`],
    ['expires_by', `${AUTHORISATION}(1)(v)`],
    ['signed_and_dated', `${AUTHORISATION}(1)(vi)`],
    ['may_be_revoked', `${AUTHORISATION}(2)(i)`],
  ]),
  'hipaa-limited-data-set': [
    ...fieldsOf('hipaa_limited_data_set', [
      ['purpose', '45 CFR 164.514(e)(3)(i)'],
      ['permitted', `${LDS}(A)`],
      ['recipients', `${LDS}(B)`],
      ['no_other_use', `${LDS}(C)(1)`],
      ['appropriate_safeguards', `${LDS}(C)(2)`],
      ['reports_breaches_within_days', `${LDS}(C)(3)`],
      ['agents_same_terms', `${LDS}(C)(4)`],
      ['no_identification_or_contact', `${LDS}(C)(5)`],
    ]),
    requires('prohibited_uses: reidentification', `${LDS}(C)(5)`, (dsa) =>
      prohibits(dsa, 'reidentification'),
    ),
  ],
  'hipaa-expert-determination': [
    ...fieldsOf('hipaa_expert', [
      ['name', '45 CFR 164.514(b)(1)'],
      ['credential', '45 CFR 164.514(b)(1)'],
      ['very_small_risk', '45 CFR 164.514(b)(1)(i)'],
      ['anticipated_recipients', '45 CFR 164.514(b)(1)(i)'],
      ['report_sha256', '45 CFR 164.514(b)(1)(ii)'],
    ]),
    requires('hipaa_expert.expires', '45 CFR 164.514(b)(1)(i)', ({ hipaa_expert }, day) =>
      atLeast(hipaa_expert?.expires, day),
    ),
  ],
  '42-cfr-part-2-research': [
    ...fieldsOf('part2', [
      ['resists_legal_process', `${PART2}(b)(1)`],
      ['no_redisclosure', `${PART2}(b)(2)`],
      ['aggregate_reports_only', `${PART2}(b)(3)`],
      ['destroy_after_delivery', `${PART2}(c)(2)(i)`],
    ]),
    requires('part2.irb', `${PART2}(c)(1)(i)`, ({ part2 }, day) => atLeast(part2?.irb?.expires, day)),
    requires('prohibited_uses: row-level-release', `${PART2}(b)(3)`, (dsa) =>
      prohibits(dsa, 'row-level-release'),
    ),
    requires('redisclosure: none', `${PART2}(b)(2)`, (dsa) => dsa.redisclosure === 'none'),
  ],
  'cms-data-use-agreement': [
    ...fieldsOf('cms', [
      ['agreement_number', 'CMS cell-size policy'],
      ['derived_cells_too', 'CMS cell-size policy'],
    ]),
    requires(
      'thresholds.min_cell: 11',
      'CMS cell-size policy',
      ({ thresholds }) => thresholds.min_cell >= 11,
    ),
  ],
  'state-law': fieldsOf('state_law', [
    ['citation', 'the provision relied on'],
    ['allows', 'the provision relied on'],
  ]),
  'owner-programme-records': [],
};

/** Besides the basis, for the records of a Massachusetts school: only where the agreement says that it is one. */
export const massachusettsRules: readonly Requires[] = fieldsOf('massachusetts', [
  ['access_log_kept', `${MA}.07(1)`],
  ['consent_or_exception', `${MA}.07(4)`],
  ['annual_notice', `${MA}.10`],
  ['rights_holder_at', `${MA}.02`],
]);

/** What a licence must say besides, where records come under one of the bases. */
export type LicenceRequires = {
  readonly clause: string;
  readonly cites: string;
  readonly under: readonly LegalBasis[];
  readonly says: (dul: Dul) => boolean;
};

const FERPA: readonly LegalBasis[] = [
  'ferpa-studies',
  'ferpa-audit-evaluation',
  'ferpa-school-official',
  'ferpa-consent',
];
const isRowLevel = ({ uses }: Dul): boolean => uses.includes('research-release');
const isReleased = (dul: Dul): boolean => isRowLevel(dul) || dul.uses.includes('public-release');

/** The rules of a licence, by the bases of the agreements whose records it releases. */
export const licenceRules: readonly LicenceRequires[] = [
  {
    clause: 'determination',
    cites: '34 CFR 99.31(b)(1)',
    under: FERPA,
    says: (dul) => !isReleased(dul) || dul.determination !== undefined,
  },
  {
    clause: 'record_code',
    cites: '34 CFR 99.31(b)(2)',
    under: FERPA,
    says: (dul) => !isRowLevel(dul) || dul.record_code !== undefined,
  },
  {
    clause: 'uses: no research-release',
    cites: `${PART2}(b)(3)`,
    under: ['42-cfr-part-2-research'],
    says: (dul) => !isRowLevel(dul),
  },
  {
    clause: 'recipients: no public',
    cites: '45 CFR 164.514(e)(3)(i)',
    under: ['hipaa-limited-data-set'],
    says: (dul) => !isRowLevel(dul) || !dul.recipients.includes('public'),
  },
];

const within = (period: { start: string; end: string } | undefined, day: string): boolean =>
  period === undefined || (period.start <= day && day <= period.end);
const atLeast = (end: string | undefined, day: string): boolean => end !== undefined && day <= end;
