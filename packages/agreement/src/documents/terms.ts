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

export const thresholds = z.strictObject({
  min_cell: z.int().min(3).max(100).describe('counts below this are never published'),
});

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
