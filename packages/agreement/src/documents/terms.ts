import { z } from 'zod';

/** Words of an agreement that carry a meaning the software acts on. */

export const documentId = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,60}$/, 'lower-case letters, digits and hyphens')
  .describe('a name of its own, the same in every version');

export const version = z.int().min(1).describe('1, 2, 3 …; a changed document is a new version');
export const isoDate = z.iso.date().describe('a date, YYYY-MM-DD');
export const sentence = z.string().min(10).max(2000);
export const partnerName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,30}$/, 'lower-case letters, digits and hyphens')
  .describe('a partner, as the pipeline names it');
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/, '64 lower-case hexadecimal digits');

/** The legal ground on which records may move; see docs/explanation/agreements.md for each. */
export const legalBasis = z.enum([
  'ferpa-studies',
  'ferpa-audit-evaluation',
  'ferpa-school-official',
  'ferpa-directory',
  'ferpa-consent',
  'hipaa-authorisation',
  'hipaa-limited-data-set',
  'hipaa-expert-determination',
  '42-cfr-part-2-research',
  'cms-data-use-agreement',
  'state-law',
  'owner-programme-records',
]);
export type LegalBasis = z.infer<typeof legalBasis>;

/** Uses in the shape of the Data Use Ontology: a code that a machine can match. */
export const use = z.enum([
  'linkage',
  'household-index',
  'access-measures',
  'outcome-measures',
  'programme-evaluation',
  'public-release',
  'research-release',
  'quality-assessment',
]);
export type Use = z.infer<typeof use>;

export const prohibition = z.enum([
  'individual-decisions',
  'immigration-enforcement',
  'law-enforcement',
  'marketing',
  'reidentification',
  'redisclosure',
  'row-level-release',
  'commercial-use',
]);

/** Who may receive what is made of the records, from the closest to the furthest. */
export const recipient = z.enum(['linkage-unit', 'analyst-desk', 'cabinet', 'researchers', 'public']);
export type Recipient = z.infer<typeof recipient>;
export type Prohibition = z.infer<typeof prohibition>;

export const person = z.strictObject({
  name: z.string().min(2),
  role: z.string().min(2),
  interest: sentence,
});

export const destruction = z.strictObject({
  trigger: z.enum(['expiry', 'revocation', 'purpose-fulfilled']),
  within_days: z.int().min(1).max(3650),
  method: sentence,
  certificate_to: z.string().min(2),
});

const zeroCounts = z.enum(['publish-structural', 'publish-always']);
export type ZeroCounts = z.infer<typeof zeroCounts>;

const rateMode = z.enum(['exact', 'nces-2011-603']);
export type RateMode = z.infer<typeof rateMode>;

const rounding = z.discriminatedUnion('rule', [
  z.strictObject({ rule: z.literal('nearest'), base: z.int().min(2).max(50) }),
  z.strictObject({ rule: z.literal('midpoint6') }),
]);
export type Rounding = z.infer<typeof rounding>;

const dominanceRule = z.discriminatedUnion('rule', [
  z.strictObject({
    rule: z.literal('nk'),
    n: z.int().min(1).max(2),
    k: z.number().min(50).max(100).describe('the n who add most add more than k % of the sum'),
  }),
  z.strictObject({
    rule: z.literal('p'),
    p: z.number().min(1).max(100).describe('the second of them knows the first to within p %'),
  }),
]);
export type DominanceRule = z.infer<typeof dominanceRule>;

/** Rules of protection that any agreement may make stricter; the strictest of all that bear on a release governs it. */
const releaseRules = {
  min_interval_width: z
    .int()
    .min(2)
    .max(100)
    .describe('the attacker must be left at least this much doubt about a withheld count'),
  rate_decimals: z.int().min(0).max(1),
  zero_counts: zeroCounts.describe(
    'whether a 0 is printed where it tells that all members of a group are alike; CMS permits it',
  ),
  rate_mode: rateMode.describe(
    'rates and counts as they are, or no counts of outcomes and rates as ranges by size of group (NCES 2011-603)',
  ),
  rounding: rounding.describe('counts are rounded before anything is made of them'),
  dominance: z
    .array(dominanceRule)
    .min(1)
    .describe('when a sum is withheld because one or two children add most of it'),
  settling_days: z
    .int()
    .min(0)
    .max(120)
    .describe('so many days after the last day that is counted a release may be published at the earliest'),
};
export type ReleaseRules = {
  readonly [rule in keyof typeof releaseRules]?: z.infer<(typeof releaseRules)[rule]> | undefined;
};

export const thresholds = z.strictObject({
  min_cell: z.int().min(3).max(100).describe('counts below this are never published'),
  min_interval_width: releaseRules.min_interval_width.optional(),
  rate_decimals: releaseRules.rate_decimals.optional(),
  zero_counts: releaseRules.zero_counts.optional(),
  rate_mode: releaseRules.rate_mode.optional(),
  rounding: releaseRules.rounding.optional(),
  dominance: releaseRules.dominance.optional(),
  settling_days: releaseRules.settling_days.optional(),
});

/** The rules of a release policy, which has them all. */
export const policyRules = {
  ...releaseRules,
  zero_counts: releaseRules.zero_counts.default('publish-structural'),
  rate_mode: releaseRules.rate_mode.default('exact'),
  rounding: releaseRules.rounding.optional(),
  dominance: releaseRules.dominance.default([
    { rule: 'nk', n: 2, k: 90 },
    { rule: 'p', p: 10 },
  ]),
  settling_days: releaseRules.settling_days.default(0),
};

/** What every document has. */
export const common = {
  id: documentId,
  version,
  title: z.string().min(5).max(200),
  effective: isoDate.describe('first day in force'),
  expires: isoDate.describe('last day in force'),
  status: z.enum(['active', 'revoked']).default('active'),
  supersedes: sha256
    .optional()
    .describe('SHA-256 of the file of the version before; every version but the first has it'),
  text_sha256: sha256.optional().describe('SHA-256 of the signed text (PDF), where there is one'),
};
