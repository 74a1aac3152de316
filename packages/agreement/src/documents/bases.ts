import { z } from 'zod';
import { isoDate, sentence, sha256 } from './terms.js';

/**
 * What the law wants an agreement to say for each legal basis. Everything is optional here: what is missing for the
 * basis that a document claims is for `completeness` to say, with the rule that asks for it.
 */
const text = z.string().min(2).max(400);
const period = z.strictObject({ start: isoDate, end: isoDate });

export const basisTerms = {
  ferpa_studies: z
    .strictObject({
      kind: z.enum(['predictive-tests', 'student-aid', 'improve-instruction']),
      duration: period.describe('of the study; nothing moves outside it'),
      information: sentence.describe(
        'the information to be disclosed; the field manifests say it column by column',
      ),
      only_for_purpose: z.boolean(),
      no_personal_identification: z
        .boolean()
        .describe('no student or parent is identified but by the authorised people'),
      disclaimer: sentence.describe('stands in every release: the agency need not endorse the results'),
    })
    .partial()
    .optional()
    .describe('34 CFR 99.31(a)(6)'),
  ferpa_audit: z
    .strictObject({
      authorised_representative: z.strictObject({ entity: text, person: text }),
      program: z.strictObject({ name: text, funding: z.enum(['federal', 'state', 'federal-and-state']) }),
      information: sentence,
      activity: sentence.describe('enough to show that it is an audit, an evaluation or enforcement'),
      use_of_pii: sentence,
      reasonable_methods: z.array(sentence).min(1),
    })
    .partial()
    .optional()
    .describe('34 CFR 99.31(a)(3), 99.35'),
  ferpa_school_official: z
    .strictObject({
      institutional_function: sentence.describe('for which the school would otherwise use its employees'),
      direct_control: text.describe('the clause that gives the school direct control'),
      annual_notice: text.describe('where the notice names the criteria of a school official'),
    })
    .partial()
    .optional()
    .describe('34 CFR 99.31(a)(1)(i)'),
  ferpa_directory: z
    .strictObject({
      designated: z
        .array(text)
        .min(1)
        .describe('the fields that the school designated as directory information'),
      notice_on: isoDate,
      opt_outs_honoured: z.boolean(),
    })
    .partial()
    .optional()
    .describe('34 CFR 99.31(a)(11), 99.37'),
  ferpa_consent: z
    .strictObject({
      form_sha256: sha256,
      specifies_records: z.boolean(),
      states_purpose: z.boolean(),
      names_recipients: z.boolean(),
      signed_and_dated: z.boolean(),
    })
    .partial()
    .optional()
    .describe('34 CFR 99.30'),
  hipaa_authorisation: z
    .strictObject({
      form_sha256: sha256,
      describes_information: z.boolean(),
      names_discloser: z.boolean(),
      names_recipients: z.boolean(),
      states_purpose: z.boolean(),
      expires_by: text.describe('the date or event on which an authorisation ends'),
      may_be_revoked: z.boolean(),
      signed_and_dated: z.boolean(),
    })
    .partial()
    .optional()
    .describe('45 CFR 164.508(c)'),
  hipaa_limited_data_set: z
    .strictObject({
      purpose: z.enum(['research', 'public-health', 'health-care-operations']),
      permitted: sentence,
      recipients: z.array(text).min(1),
      no_other_use: z.boolean(),
      appropriate_safeguards: z.boolean(),
      reports_breaches_within_days: z.int().min(1).max(60),
      agents_same_terms: z.boolean(),
      no_identification_or_contact: z.boolean(),
    })
    .partial()
    .optional()
    .describe('45 CFR 164.514(e)'),
  hipaa_expert: z
    .strictObject({
      name: text,
      credential: text,
      report_sha256: sha256,
      expires: isoDate,
      conditions: z.array(sentence),
      very_small_risk: z.boolean(),
      anticipated_recipients: z.array(text).min(1),
    })
    .partial()
    .optional()
    .describe('45 CFR 164.514(b)(1)'),
  part2: z
    .strictObject({
      irb: z.strictObject({ id: text, expires: isoDate }).describe('approval of the linkage'),
      destroy_after_delivery: z.boolean(),
      resists_legal_process: z.boolean(),
      no_redisclosure: z.boolean(),
      aggregate_reports_only: z.boolean(),
    })
    .partial()
    .optional()
    .describe('42 CFR 2.52'),
  cms: z
    .strictObject({
      agreement_number: text,
      derived_cells_too: z.boolean().describe('no cell of 1 to 10 may be derived, from percentages either'),
    })
    .partial()
    .optional()
    .describe('CMS cell-size policy'),
  state_law: z
    .strictObject({ citation: text, allows: sentence })
    .partial()
    .optional()
    .describe('the provision and what it allows'),
} as const;

/** What every agreement about records of Massachusetts schools says besides. */
export const massachusetts = z
  .strictObject({
    access_log_kept: z.boolean().describe('603 CMR 23.07(1): the eight facts of each access'),
    consent_or_exception: text.describe('603 CMR 23.07(4): the consent, or the exception that counsel named'),
    annual_notice: sentence.describe('603 CMR 23.10: what the notice says of this study'),
    rights_holder_at: z.literal(14).describe('603 CMR 23.02: a student of 14 or in grade 9 decides too'),
  })
  .partial()
  .optional()
  .describe('603 CMR 23.00');
