import { z } from 'zod';
import { type ApproverKey, signingKey } from './approvers.js';
import { partnerName } from './terms.js';

/** What a host can be beside a partner. */
export const hostRoles = ['linkage-unit', 'analyst-desk', 'keyholder'] as const;
export type HostRole = (typeof hostRoles)[number];

/** Public, and no secret: what `age-keygen` prints. */
export const ageRecipient = z.string().regex(/^age1[0-9a-z]{20,4000}$/, 'an age recipient, age1…');

/** A machine, or a user of one, that plays roles of the memorandum and exchanges parcels with the others. */
export const agreedHost = z.strictObject({
  host: partnerName.describe('a name of its own for the host, such as city-hall'),
  plays: z
    .array(partnerName)
    .min(1)
    .max(2)
    .describe(
      'one partner, or `linkage-unit`, `analyst-desk` or both; `keyholder` alone or beside a partner',
    ),
  keys: z.array(signingKey).min(1).max(8).describe('with which it signs its parcels'),
  recipient: ageRecipient.describe('to which parcels for it are encrypted'),
});
export type AgreedHost = z.infer<typeof agreedHost>;

export const hosts = z.array(agreedHost).min(2).max(500);

const isRole = (word: string): word is HostRole => hostRoles.some((role) => role === word);
const isTwice = (words: readonly string[]): boolean => new Set(words).size < words.length;

/** Whoever links has no key, and whoever has a key sees nobody else's records: these stand together, and no others. */
const TOGETHER: readonly string[] = [
  'linkage-unit',
  'analyst-desk linkage-unit',
  'analyst-desk',
  'keyholder',
];

function mixes({ plays }: AgreedHost): boolean {
  const roles = plays.filter(isRole).sort().join(' ');
  const partners = plays.filter((word) => !isRole(word)).length;
  return partners === 0 ? !TOGETHER.includes(roles) : partners > 1 || !['', 'keyholder'].includes(roles);
}

type Memorandum = {
  readonly parties: readonly string[];
  readonly approvers: readonly { readonly keys: readonly ApproverKey[] }[];
};

const keysIn = (holders: Memorandum['approvers']): string[] =>
  holders.flatMap(({ keys }) => keys.map(({ public_key }) => public_key.split(' ')[1] ?? ''));

/** What is wrong with the hosts of a memorandum. */
export function hostProblems(all: readonly AgreedHost[], { parties, approvers }: Memorandum): string[] {
  if (all.length === 0) return [];
  const played = all.flatMap(({ plays }) => plays);
  const rules: readonly (readonly [boolean, string])[] = [
    [isTwice(all.map(({ host }) => host)), 'each host once'],
    [isTwice(all.map(({ recipient }) => recipient)), 'a recipient of its own for each host'],
    [
      isTwice([...keysIn(all), ...new Set(keysIn(approvers))]),
      'a signing key of its own for each host, of no approver',
    ],
    [isTwice(played), 'each role and each party at one host'],
    [played.some((word) => !isRole(word) && !parties.includes(word)), 'roles and parties only'],
    [
      !played.includes('linkage-unit') || !played.includes('analyst-desk'),
      'a linkage unit and an analyst desk',
    ],
    [
      all.some(mixes),
      'no host that is both a partner and the linkage unit, the desk or another partner, nor a keyholder with records of others',
    ],
  ];
  return rules.flatMap(([broken, rule]) => (broken ? [rule] : []));
}
