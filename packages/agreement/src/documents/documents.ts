import { z } from 'zod';
import { fieldManifest } from '../manifest/field-manifest.js';
import { approver, approverProblems, manifestApprover, quorum } from './approvers.js';
import { attackLimits } from './attack-limits.js';
import { basisTerms, massachusetts } from './bases.js';
import { duplicateTerms, OWN_DUPLICATES, tellsDuplicates } from './duplicate-terms.js';
import { hostProblems, hosts } from './hosts.js';
import { householdRules, householdTerms } from './household-terms.js';
import { interopProfile, interopTerms, linkingRules } from './interop-terms.js';
import { encodingTerms } from './sealing-terms.js';
import {
  common,
  destruction,
  documentId,
  isoDate,
  legalBasis,
  partnerName,
  person,
  policyRules,
  prohibition,
  recipient,
  sentence,
  sha256,
  thresholds,
  use,
  version,
} from './terms.js';
import { tokenRule } from './token-rules.js';

/** Enterprise memorandum of understanding: why the parties share and who governs (AISP's first tier). */
export const emou = z
  .strictObject({
    kind: z.literal('emou'),
    ...common,
    parties: z.array(partnerName).min(2),
    purpose: sentence,
    governance: z.strictObject({ body: z.string().min(3), decides: sentence, meets: z.string().min(3) }),
    approvers: z
      .array(approver)
      .min(1)
      .describe('who may approve what, for which party, with which keys; the next version changes it'),
    quorums: z
      .strictObject({ emou: quorum, dsa: quorum, dul: quorum, 'release-policy': quorum })
      .describe('how many must approve a document of each kind'),
    thresholds,
    linkage: z
      .strictObject({
        epoch: z
          .string()
          .regex(/^[0-9]{4}-[0-9]{1,2}$/)
          .describe('the key epoch, such as 2026-1'),
        rules: z
          .array(tokenRule)
          .min(1)
          .describe('the token rules that every party applies, strongest first'),
        encoding: encodingTerms
          .optional()
          .describe('similarity encodings beside the tokens; without this there are none'),
        parameters_sha256: z
          .string()
          .regex(/^[0-9a-f]{64}$/, '64 lower-case hexadecimal digits')
          .optional()
          .describe(
            'SHA-256 of the parameters of the linkage model that all parties fix; without this, each night learns its own',
          ),
        interop: interopTerms
          .optional()
          .describe('encodings of other systems, weaker by known attacks; without this there are none'),
        own_duplicates: duplicateTerms,
        households: householdTerms
          .optional()
          .describe(
            'what may show that children are of one household; without this there is no household index',
          ),
      })
      .refine(
        (linkage) => {
          const rules = [...linkingRules(linkage), ...householdRules(linkage)].map(({ name }) => name);
          const names = tellsDuplicates(linkage) ? [...rules, OWN_DUPLICATES] : rules;
          return new Set(names).size === names.length;
        },
        { error: 'a rule has a name of its own', path: ['rules'] },
      ),
    attack_limits: attackLimits.optional().describe('how far attacks on the encodings may get'),
    hosts: hosts
      .optional()
      .describe(
        'which host plays which role, where they are several; without this everything is on one machine',
      ),
  })
  .superRefine(({ approvers, parties, hosts = [] }, context) => {
    for (const message of hostProblems(hosts, { parties, approvers }))
      context.addIssue({ code: 'custom', path: ['hosts'], message });
    const strangers = approvers.filter(({ party }) => !parties.includes(party));
    const problems = [
      ...approverProblems(approvers),
      ...(strangers.length > 0 ? ['approvers of parties only'] : []),
    ];
    for (const message of problems) context.addIssue({ code: 'custom', path: ['approvers'], message });
  });

/** Data-sharing agreement: one partner's records in, for which uses, under which safeguards (second tier). */
export const dsa = z
  .strictObject({
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
    recipients: z.array(recipient).min(1).describe('whom anything made of the records may reach'),
    destruction,
    oversight: z.strictObject({
      reviewer: z.string().min(2),
      cadence: z.string().min(2),
      last_review: isoDate.optional(),
    }),
    thresholds,
    weaker_encodings: z
      .array(interopProfile)
      .min(1)
      .optional()
      .describe(
        'encodings of other systems that the records may be given, although known attacks name children from them',
      ),
    approvers: z
      .array(manifestApprover)
      .min(1)
      .describe('who approves the field manifests of the partner, with which keys'),
    quorum: quorum.describe('how many of them must approve a field manifest'),
    ...basisTerms,
    massachusetts,
  })
  .superRefine(({ approvers }, context) => {
    for (const message of approverProblems(approvers))
      context.addIssue({ code: 'custom', path: ['approvers'], message });
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
  recipients: z.array(recipient).min(1).describe('whom the release reaches'),
  measures: z.array(z.string().regex(/^[a-z][a-z0-9_]+$/)).min(1),
  thresholds,
  determination: z
    .strictObject({
      method: sentence,
      by: z.string().min(2),
      on: isoDate,
    })
    .optional()
    .describe('that no student can be made out from this release and all others: who found so, and how'),
  record_code: z
    .strictObject({ kind: z.literal('random'), scope: z.literal('per-licence') })
    .optional()
    .describe('of rows released to researchers: the code of a row, derived from nothing of the person'),
  rows: z
    .strictObject({
      columns: z
        .array(z.string().regex(/^[a-z][a-z_]*$/))
        .min(1)
        .describe('dimensions that a row may show'),
      outcomes: z
        .array(z.string().regex(/^[a-z][a-z0-9_]+$/))
        .min(1)
        .describe('measures with their preset, such as `chronic_absence_ma`, whose verdict a row tells'),
      standard: z
        .enum(['safe-harbor', 'limited-data-set', 'k-anonymity-only'])
        .describe('45 CFR 164.514(b)(2), 164.514(e), or neither'),
      k: z.int().min(3).max(100).describe('so many rows at least look alike'),
      l: z.int().min(1).max(10).default(1).describe('so many verdicts at least differ among them'),
      population_k: z
        .int()
        .min(1)
        .max(1000)
        .default(1)
        .describe('so many enrolled children at least each row could be of'),
      most_suppressed: z
        .number()
        .min(0)
        .max(0.5)
        .default(0.05)
        .describe('the largest share of rows that may need suppression after generalising'),
    })
    .optional()
    .describe('rows about single children for the licensee; without this there are none'),
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
  emou: documentId.describe('the memorandum whose approvers approve it'),
  min_cell: z.int().min(3).max(100),
  ...policyRules,
  public_totals: z
    .array(z.array(z.string().min(1).max(60)).max(2))
    .optional()
    .describe(
      'breakdowns of which everybody has the number of children from elsewhere, such as [school] for enrolment by school; [] is the whole city. The attacker is given them',
    ),
});

/**
 * The end of a document before its time: of one version and every earlier one. Whoever may approve the document may
 * revoke it; one approver of the owner suffices for a partner's own agreement or manifest.
 */
export const revocation = z.strictObject({
  kind: z.literal('revocation'),
  id: documentId,
  version: z.literal(1),
  revokes: z.union([
    z.strictObject({
      kind: z.enum(['emou', 'dsa', 'dul', 'release-policy', 'manifest']),
      document: documentId,
      version: version.describe('this version and every earlier one'),
    }),
    z.strictObject({
      key: z
        .string()
        .regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'a fingerprint as ssh-keygen -l prints it')
        .describe('a key whose signatures count no longer: lost, stolen, or of somebody who left'),
      emou: documentId.describe('the memorandum whose approvers approve the revocation'),
    }),
  ]),
  from: isoDate.describe('first day on which it counts'),
  reason: sentence,
});

/** Two people's word, signed, that a document was approved in ink: what paper has in place of a signature file. */
export const attestation = z.strictObject({
  kind: z.literal('attestation'),
  id: documentId,
  version: z.literal(1),
  document: z.strictObject({
    kind: z.enum(['emou', 'dsa', 'dul', 'release-policy', 'manifest', 'revocation']),
    id: documentId,
    version,
    sha256: sha256.describe("SHA-256 of the document's file, which the paper names too"),
  }),
  scan_sha256: sha256.describe('SHA-256 of the scan of the signed paper'),
  signed_by: z
    .array(z.strictObject({ person: documentId, on: isoDate }))
    .min(1)
    .describe('who signed in ink; they must be approvers, with or without a key'),
});

export const documentSchema = z.discriminatedUnion('kind', [
  emou,
  dsa,
  dul,
  releasePolicy,
  fieldManifest,
  revocation,
  attestation,
]);

export type Emou = z.infer<typeof emou>;
export type Dsa = z.infer<typeof dsa>;
export type Dul = z.infer<typeof dul>;
export type ReleasePolicy = z.infer<typeof releasePolicy>;
export type Revocation = z.infer<typeof revocation>;
export type Attestation = z.infer<typeof attestation>;
export type AgreementDocument = z.infer<typeof documentSchema>;
