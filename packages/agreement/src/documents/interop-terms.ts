import { z } from 'zod';
import type { TokenPart, TokenRule } from './token-rules.js';

/*
 * Encodings of other systems, for a partner who already has them. Each is weaker than our own by attacks that are
 * known, so it is used only where the memorandum and the partner's own agreement both say so in as many words.
 */
export const interopProfiles = ['olt-2', 'clk-v3'] as const;
export type InteropProfile = (typeof interopProfiles)[number];
export const interopProfile = z.enum(interopProfiles);

/** What a reader of the agreement must know before consenting. */
export const interopWarnings: Readonly<Record<InteropProfile, string>> = {
  'olt-2':
    'tokens of OpenLinkToken: one secret for all agreements and epochs, so that tokens of years and projects meet; whoever has it, or a partner’s copy of it, tests any list of names; T5 has no birth date and tells how common a name is',
  'clk-v3':
    'CLKs of clkhash can all be compared with one another: whoever knows a hundred of the children names nearly all others without the key',
};

/** A word that nobody writes by accident. */
const accepted = z
  .literal('weaker-by-known-attacks')
  .describe('says that the parties know this encoding to be weaker than the software’s own');

export const oltTokens = ['T1', 'T2', 'T3', 'T4', 'T5'] as const;
export type OltToken = (typeof oltTokens)[number];

/** Tokens that hold the whole first name and the birth date, which tell a child from its twin and from a namesake. */
const LINKING: readonly OltToken[] = ['T2', 'T3'];

/** `linkage.interop` of the memorandum. */
export const interopTerms = z
  .array(
    z.discriminatedUnion('profile', [
      z.strictObject({
        profile: z.literal('olt-2'),
        accepted,
        tokens: z
          .array(z.strictObject({ token: z.enum(oltTokens), basis: z.enum(['exact', 'probable', 'weak']) }))
          .min(1)
          .refine((tokens) => new Set(tokens.map(({ token }) => token)).size === tokens.length, {
            error: 'a token is listed once',
          })
          .refine(
            (tokens) => tokens.every(({ token, basis }) => basis === 'weak' || LINKING.includes(token)),
            {
              error: 'T2 and T3 alone may link: the others hold no whole first name or no birth date',
            },
          )
          .describe('which tokens count, and for what; behind the rules of the memorandum'),
      }),
      z.strictObject({
        profile: z.literal('clk-v3'),
        accepted,
        schema_sha256: z
          .string()
          .regex(/^[0-9a-f]{64}$/, '64 lower-case hexadecimal digits')
          .describe('SHA-256 of the file of the linkage schema that all parties use'),
        threshold: z
          .number()
          .min(0.5)
          .max(1)
          .describe('the least Dice coefficient at which two records are compared as one child'),
      }),
    ]),
  )
  .min(1)
  .max(interopProfiles.length)
  .refine((terms) => new Set(terms.map(({ profile }) => profile)).size === terms.length, {
    error: 'a profile is listed once',
  });
export type InteropTerms = z.infer<typeof interopTerms>;

/** What two records that agree on a token agree on, in our own parts; a postal code is cut to three letters there. */
const OLT_PARTS: Readonly<Record<OltToken, TokenPart[]>> = {
  T1: ['last', 'first.initial', 'sex', 'birth_date'],
  T2: ['last', 'first', 'birth_date'],
  T3: ['last', 'first', 'sex', 'birth_date'],
  T4: ['sex', 'birth_date'],
  T5: ['last', 'first.3', 'sex'],
};

/** The name of an OpenLinkToken rule among token rules. */
export const oltRuleName = (token: OltToken): string => `olt2_${token.toLowerCase()}`;

type Linkage = { readonly rules: readonly TokenRule[]; readonly interop?: InteropTerms | undefined };

/** The rules by which tokens link: the memorandum's own, then the tokens of other systems that it admits. */
export function linkingRules({ rules, interop = [] }: Linkage): TokenRule[] {
  const others = interop.flatMap((terms) =>
    terms.profile === 'olt-2'
      ? terms.tokens.map(({ token, basis }) => ({ name: oltRuleName(token), parts: OLT_PARTS[token], basis }))
      : [],
  );
  return [...rules, ...others];
}
