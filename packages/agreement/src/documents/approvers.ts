import { z } from 'zod';
import { fromBase64 } from '../signatures/base64.js';
import { parsePublicKey, type SshPublicKey } from '../signatures/ssh/public-key.js';
import { documentId, isoDate, partnerName } from './terms.js';

/** The kinds of document that people approve by name. A revocation is approved by whoever may approve what it ends. */
export const approvableKinds = ['emou', 'dsa', 'dul', 'release-policy', 'manifest', 'attestation'] as const;
export type ApprovableKind = (typeof approvableKinds)[number];

const LINE = /^([a-z][a-z0-9@.-]+) (AAAA[A-Za-z0-9+/]+={0,2})(?: [^\n]*)?$/;

/** The key of a line of a `.pub` file, or why it is none. */
export function keyOfLine(line: string): SshPublicKey | string {
  const [, kind, encoded = ''] = LINE.exec(line) ?? [];
  const blob = fromBase64(encoded);
  if (kind === undefined || blob === undefined) return 'a line of a .pub file';
  const key = parsePublicKey(blob);
  if (typeof key === 'string') return key;
  return key.kind === kind ? key : 'a key of the kind named';
}

/** A public SSH key and the days on which its signatures count. */
export const signingKey = z.strictObject({
  public_key: z
    .string()
    .max(4096)
    .superRefine((line, context) => {
      const parsed = keyOfLine(line);
      if (typeof parsed === 'string') context.addIssue({ code: 'custom', message: parsed });
    })
    .describe('the line of the .pub file; security keys (sk-) count too'),
  valid_from: isoDate.describe('first day on which its signatures count'),
  valid_until: isoDate.describe('last day on which its signatures count'),
});
export type ApproverKey = z.infer<typeof signingKey>;

const named = {
  person: documentId.describe('a name of its own for one human being, the same in every document'),
  name: z.string().min(2).max(120),
  role: z.string().min(2).max(200),
  keys: z.array(signingKey).max(8).describe('none for somebody who signs on paper only'),
};

/** Somebody who may approve documents of several parties, for one of them. */
export const approver = z.strictObject({
  ...named,
  party: partnerName.describe('the party for which they approve'),
  approves: z.array(z.enum(approvableKinds)).min(1).describe('the kinds of document that they may approve'),
});
export type Approver = z.infer<typeof approver>;

/** Somebody who approves the field manifests of one partner, such as a district's IT. */
export const manifestApprover = z.strictObject(named);

/** How many different people, each with a key of their own, must sign. */
export const quorum = z.strictObject({
  at_least: z.int().min(1).max(50).describe('k of the people who may approve this kind'),
  of_owner: z
    .int()
    .min(1)
    .max(50)
    .optional()
    .describe('so many of them for the party whose records it is about; 1 if left out'),
});
export type Quorum = z.infer<typeof quorum>;

type Named = { readonly person: string; readonly keys: readonly ApproverKey[] };

/** Whether people and keys are told apart: nobody twice, no key of two people. */
export function approverProblems(people: readonly Named[]): string[] {
  const names = people.map(({ person }) => person);
  const keys = people.flatMap((each) => each.keys.map((one) => one.public_key.split(' ')[1]));
  return [
    ...(new Set(names).size < names.length ? ['each person once'] : []),
    ...(new Set(keys).size < keys.length ? ['each key once: two signatures are of two people'] : []),
  ];
}
