import { furtherIdentifiers, identifiersOfPart } from '@throughline/core';
import { z } from 'zod';
import { type TokenPart, tokenParts } from './token-rules.js';

/**
 * What the memorandum says of similarity encodings: whether partners may send any, and of what.
 *
 * `tokens`: exact tokens and nothing else. `sealed`: sealed fields `seal1` beside them. `sealed-high-risk`: the
 * same for partners of whom even a child's presence is sensitive. `sealed+clkd`: as `sealed`, and the record-level encoding
 * `clkd1` of every record, wrapped; the keyholder opens a few rows that nothing has linked.
 */
export const profiles = ['tokens', 'sealed', 'sealed-high-risk', 'sealed+clkd'] as const;
export type Profile = (typeof profiles)[number];

/** Parts of which sealed fields are made: all that have one alternative. */
export const slotParts = tokenParts.filter((part) => part !== 'last_part');
export type SlotPart = Exclude<TokenPart, 'last_part'>;
const slotPart = z.enum(slotParts) as z.ZodType<SlotPart>;

/** Identifiers of which two slots that meet may show whether both records hold them. */
const knowable = [
  'first',
  'middle',
  'last',
  'birth_date',
  'sex',
  'zip',
  'street',
  'phone',
  'email',
  'guardian',
  'state_id',
  'district_id',
  ...furtherIdentifiers,
] as const;
type Knowable = (typeof knowable)[number];
/**
 * Parts of one value that a record has where it holds the identifier. They are compared and nothing else: neither a
 * pass nor a token is made of them.
 */
export const knownParts = knowable.map((identifier) => `${identifier}.known` as const);
export type KnownPart = `${Knowable}.known`;

/** What is compared for equality. */
export const exactParts = [...slotParts, ...knownParts];
export type ExactPart = SlotPart | KnownPart;
/** Whatever can be read of a record. */
export type RecordPart = TokenPart | KnownPart;
const exactPart = z.enum(exactParts) as z.ZodType<ExactPart>;

const partName = z.string().regex(/^[a-z][a-z0-9_]{1,40}$/);
const distinct = <Value>(values: readonly Value[]): boolean => new Set(values).size === values.length;

/** A near-unique composite value: two records that agree on it can be compared with each other, and no others. */
const sealingPass = z.strictObject({
  name: partName.describe('the name of the pass, part of every slot that it seals'),
  parts: z
    .array(slotPart)
    .min(1)
    .max(8)
    .refine((parts) => parts.length > 1 || parts[0] === 'names.sorted', {
      error: 'a pass of a single field could be guessed by frequency',
    }),
});
export type SealingPass = z.infer<typeof sealingPass>;

const namePart = z.enum(['first', 'last', 'middle', 'first_root', 'street', 'guardian']);
export type SimilarPart = z.infer<typeof namePart>;

/** A pack of passes is published under its name and never changes: keys are bound to the name. */
export const passPacks = {
  'children-1': [
    pass('first_last3', 'first', 'last.3'),
    pass('last3_year_day', 'last.3', 'birth_date.year', 'birth_date.day'),
    pass('first_year_mi', 'first', 'birth_date.year', 'middle.initial'),
    pass('first3_dob', 'first.3', 'birth_date'),
    pass('guardian_first_year', 'guardian', 'first', 'birth_date.year'),
    pass('first3_last', 'first.3', 'last'),
    pass('names3_month_day', 'names3.sorted', 'birth_date.month_day'),
    pass('number_street4_mi', 'street_number', 'street.4', 'middle.initial'),
    pass('mi_dob_sex', 'middle.initial', 'birth_date', 'sex'),
    pass('last_year_mi', 'last', 'birth_date.year', 'middle.initial'),
    pass('first_zip_year', 'first', 'zip', 'birth_date.year'),
    pass('lastsound_month_day', 'last.soundex', 'birth_date.month_day'),
    pass('initial_last_mi', 'first.initial', 'last', 'middle.initial'),
    pass('zip_guardian_year_sex', 'zip', 'guardian', 'birth_date.year', 'sex'),
    pass('first_month_day', 'first', 'birth_date.month_day'),
    pass('firstsound_lastsound', 'first.soundex', 'last.soundex'),
    pass('street_first3_sex', 'street', 'first.3', 'sex'),
    pass('firstend3_lastend3_year', 'first.end3', 'last.end3', 'birth_date.year'),
    pass('names', 'names.sorted'),
    pass('first_lastinitial_year', 'first', 'last.initial', 'birth_date.year'),
    pass('address_year', 'street_number', 'street', 'birth_date.year'),
    pass('last_month_day_mi', 'last', 'birth_date.month_day', 'middle.initial'),
    pass('firstend3_dob', 'first.end3', 'birth_date'),
    pass('last_zip_year', 'last', 'zip', 'birth_date.year'),
    pass('first_lastinitial_mi', 'first', 'last.initial', 'middle.initial'),
    pass('number_first_mi', 'street_number', 'first', 'middle.initial'),
  ],
} as const satisfies Record<string, readonly SealingPass[]>;

function pass(name: string, ...parts: SlotPart[]): SealingPass {
  return { name, parts };
}

const passes = z.array(sealingPass).min(1).max(48);

/** The share of a partner's rows that is opened at most in an epoch where the memorandum says nothing, and that it may say. */
export const RESIDUAL_SHARE = 0.25;
const MOST_RESIDUAL = 0.5;

const isKnownPart = (part: ExactPart): boolean => part.endsWith('.known');

/** Whether slots show of no identifier that both records hold it but of those that are compared. */
function knowsWhatItCompares({ similar, exact }: Pick<Sealing, 'similar' | 'exact'>): boolean {
  const compared = new Set(
    [...similar, ...exact.filter((part) => !isKnownPart(part))].flatMap(identifiersOfPart),
  );
  return exact
    .filter(isKnownPart)
    .flatMap(identifiersOfPart)
    .every((identifier) => compared.has(identifier));
}

const terms = z.strictObject({
  profile: z.enum(profiles).default('sealed').describe('which encodings partners send beside exact tokens'),
  passes: z
    .union([z.enum(['children-1']), passes])
    .default('children-1')
    .refine((given) => typeof given === 'string' || distinct(given.map(({ name }) => name)), {
      error: 'a pass has a name of its own',
    })
    .describe('a published pack of passes, or the passes themselves; the gate decides which are used'),
  similar: z
    .array(namePart)
    .min(1)
    .max(6)
    .refine(distinct, { error: 'a field is listed once' })
    .default(['first', 'last'])
    .describe('fields that are compared by likeness'),
  exact: z
    .array(exactPart)
    .min(1)
    .max(40)
    .refine(distinct, { error: 'a field is listed once' })
    .default([
      'birth_date.year',
      'birth_date.month',
      'birth_date.day',
      'sex',
      'middle.initial',
      'zip',
      'street_number',
      'first_root',
      'names.sorted',
      'month_day.sorted',
      'first.known',
      'last.known',
      'middle.known',
      'birth_date.known',
      'sex.known',
      'zip.known',
    ])
    .describe(
      'fields that are compared for equality; by `first.known` two records that met show whether both hold a first ' +
        'name, so that a missing one counts neither for nor against',
    ),
  expected_persons: z
    .int()
    .min(1)
    .optional()
    .describe(
      'how many persons the largest file will hold by the end of the epoch; as many as now without this',
    ),
  expected_overlap: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe(
      'what share of the smaller of two files is in the other; allows two partners of .6 or more to be small',
    ),
  known_children: z
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .describe(
      'how many children of a file somebody who holds its rows may know; the more, the fewer passes. Without this, ' +
        '1,000 of 30,000, and of a smaller file in proportion to the square root of its size',
    ),
  clkd_diffusion: z
    .union([z.literal(4), z.literal(5)])
    .default(4)
    .describe(
      'of how many bits each bit of `clkd1` is the sum, where it is sent or assessed; 5 hides more and finds less',
    ),
  residual_share: z
    .number()
    .gt(0)
    .max(MOST_RESIDUAL)
    .optional()
    .describe(
      'under `sealed+clkd`, what share of a partner’s rows the keyholder opens at most in an epoch; .25 without this',
    ),
});

/** `linkage.encoding` of the memorandum. */
export const encodingTerms = terms.refine(knowsWhatItCompares, {
  path: ['exact'],
  error: 'a known part is of an identifier that is compared',
});
export type EncodingTerms = z.infer<typeof encodingTerms>;

/** What is sealed, under which passes. */
export type Sealing = {
  readonly passes: readonly SealingPass[];
  readonly similar: readonly SimilarPart[];
  readonly exact: readonly ExactPart[];
};

/** The passes and fields of the memorandum, a named pack written out. */
export function sealingOf({
  passes,
  similar,
  exact,
}: Pick<EncodingTerms, 'passes' | 'similar' | 'exact'>): Sealing {
  return { passes: typeof passes === 'string' ? passPacks[passes] : passes, similar, exact };
}
