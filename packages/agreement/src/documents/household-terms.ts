import { z } from 'zod';
import { type TokenPart, type TokenRule, tokenRuleName } from './token-rules.js';

/** Parts that tell where a child lives or who brings it up, and none that tells the child itself. */
const householdParts = [
  'last',
  'last_part',
  'street_number',
  'street',
  'zip',
  'city',
  'phone',
  'email',
  'guardian',
  'custom_1',
  'custom_2',
  'custom_3',
  'custom_4',
] as const satisfies readonly TokenPart[];
type HouseholdPart = (typeof householdParts)[number];

/** Each is of one household by itself, or nearly. */
const TELLING: readonly HouseholdPart[] = ['phone', 'email', 'guardian'];
/** The normal form of an address has no unit, so that it names a building; these tell one door of it from the next. */
const OF_A_DOOR: readonly HouseholdPart[] = [
  'last',
  'last_part',
  'custom_1',
  'custom_2',
  'custom_3',
  'custom_4',
];

const namesOneDoor = (parts: readonly HouseholdPart[]): boolean =>
  parts.some((part) => TELLING.includes(part)) ||
  (parts.includes('street_number') &&
    parts.includes('street') &&
    parts.some((part) => OF_A_DOOR.includes(part)));

const householdRule = z.strictObject({
  name: tokenRuleName.describe('the name of the rule, part of every token it makes'),
  parts: z
    .array(z.enum(householdParts))
    .min(2, 'a rule of a single field could be guessed by frequency')
    .max(6)
    .refine(namesOneDoor, {
      error:
        'a rule of a household holds a telephone, a mailbox or a guardian; or house number and street with a surname or a field of the city’s own, since an address alone is a building',
    }),
});

/** More children than the owner's gate lets share a token never do. */
const MOST_CHILDREN = 10;

/** `linkage.households` of the memorandum. */
export const householdTerms = z.strictObject({
  rules: z
    .array(householdRule)
    .min(1)
    .max(6)
    .refine((rules) => new Set(rules.map(({ name }) => name)).size === rules.length, {
      error: 'a rule has a name of its own',
    })
    .describe('tokens of which any one in common shows a household; none of them ever links records'),
  most_children: z
    .int()
    .min(2)
    .max(MOST_CHILDREN)
    .default(8)
    .describe('more children than this are a shelter, a school or a block, and no household'),
});
export type HouseholdTerms = z.infer<typeof householdTerms>;

/** The rules of households as token rules, which never link: they follow the memorandum's own rules. */
export const householdRules = ({
  households,
}: {
  readonly households?: HouseholdTerms | undefined;
}): TokenRule[] => (households?.rules ?? []).map((rule) => ({ ...rule, basis: 'weak' }));
