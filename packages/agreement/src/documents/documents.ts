import { z } from 'zod';
import { fieldManifest } from '../manifest/field-manifest.js';
import { encodingTerms } from './sealing-terms.js';
import {
  common,
  destruction,
  documentId,
  isoDate,
  legalBasis,
  partnerName,
  person,
  prohibition,
  sentence,
  sha256,
  thresholds,
  use,
  version,
} from './terms.js';
import { tokenRule } from './token-rules.js';

/** Enterprise memorandum of understanding: why the parties share and who governs (AISP's first tier). */
export const emou = z.strictObject({
  kind: z.literal('emou'),
  ...common,
  parties: z.array(partnerName).min(2),
  purpose: sentence,
  governance: z.strictObject({ body: z.string().min(3), decides: sentence, meets: z.string().min(3) }),
  thresholds,
  linkage: z.strictObject({
    epoch: z
      .string()
      .regex(/^[0-9]{4}-[0-9]{1,2}$/)
      .describe('the key epoch, such as 2026-1'),
    rules: z.array(tokenRule).min(1).describe('the token rules that every party applies, strongest first'),
    encoding: encodingTerms
      .optional()
      .describe('similarity encodings beside the tokens; without this there are none'),
  }),
});

/** Data-sharing agreement: one partner's records in, for which uses, under which safeguards (second tier). */
export const dsa = z.strictObject({
  kind: z.literal('dsa'),
  ...common,
  emou: documentId.describe('the memorandum it stands under'),
  partner: partnerName,
  basis: z.array(legalBasis).min(1),
  purpose: sentence,
  scope: sentence,
  permitted_uses: z.array(use).min(1),
  prohibited_uses: z.array(prohibition),
  authorised_people: z.array(person).min(1),
  safeguards: z.array(sentence).min(1),
  redisclosure: z.union([z.literal('none'), z.array(z.string().min(2)).min(1)]),
  destruction,
  oversight: z.strictObject({ reviewer: z.string().min(2), cadence: z.string().min(2) }),
  thresholds,
});

const answer = z.strictObject({ answer: sentence, decided_by: z.string().min(2), on: isoDate });

/** Data-use licence: one project, one licensee, what may be released (third tier). */
export const dul = z.strictObject({
  kind: z.literal('dul'),
  ...common,
  emou: documentId,
  licensee: z.string().min(2),
  project: sentence,
  uses: z.array(use).min(1),
  measures: z.array(z.string().regex(/^[a-z][a-z0-9_]+$/)).min(1),
  thresholds,
  /** AISP's four questions, each with who decided. */
  four_questions: z.strictObject({
    legal: answer,
    ethical: answer,
    good_idea: answer,
    how_do_we_know: answer,
  }),
});

/** How tables are protected. Signed apart from the licences, since it outlives them. */
export const releasePolicy = z.strictObject({
  kind: z.literal('release-policy'),
  ...common,
  min_cell: z.int().min(3).max(100),
  min_interval_width: z
    .int()
    .min(2)
    .max(100)
    .describe('the attacker must be left at least this much doubt about a withheld count'),
  rate_decimals: z.int().min(0).max(1),
});

/** The owner's approval of one field manifest's exact bytes. */
export const approval = z.strictObject({
  kind: z.literal('approval'),
  manifest: documentId,
  version,
  sha256: sha256.describe("SHA-256 of the manifest file's bytes; `throughline check` prints it"),
  approved_by: z.strictObject({ name: z.string().min(2), role: z.string().min(2) }),
  on: isoDate,
  expires: isoDate,
});

export const documentSchema = z.discriminatedUnion('kind', [
  emou,
  dsa,
  dul,
  releasePolicy,
  fieldManifest,
  approval,
]);

export type Emou = z.infer<typeof emou>;
export type Dsa = z.infer<typeof dsa>;
export type Dul = z.infer<typeof dul>;
export type ReleasePolicy = z.infer<typeof releasePolicy>;
export type Approval = z.infer<typeof approval>;
export type AgreementDocument = z.infer<typeof documentSchema>;
