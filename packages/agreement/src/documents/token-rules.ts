import { furtherIdentifiers } from '@throughline/core';
import { z } from 'zod';

/**
 * Parts of which a token rule is composed, each a function of the identifiers in normal form `norm-1`.
 * `names.sorted`: first and last name in code-point order, so that swapped names agree.
 * `names3.sorted`: the same of their first three letters.
 * `birth_date.swap`: the date with day and month in ascending order, so that swapped dates agree.
 * `month_day.sorted`: day and month alone, in ascending order.
 * `soundex`: American Soundex (US National Archives), `3`…: so many leading letters, `end3`: the last three.
 */
export const tokenParts = [
  'first',
  'first.initial',
  'first.3',
  'first.end3',
  'first.soundex',
  'first_root',
  'middle',
  'middle.initial',
  'last',
  'last.initial',
  'last.3',
  'last.end3',
  'last.soundex',
  'last_part',
  'names.sorted',
  'names3.sorted',
  'birth_date',
  'birth_date.year',
  'birth_date.year_month',
  'birth_date.month_day',
  'birth_date.month',
  'birth_date.day',
  'birth_date.swap',
  'month_day.sorted',
  'sex',
  'zip',
  'street_number',
  'street',
  'street.4',
  'phone',
  'email',
  'guardian',
  'state_id',
  'district_id',
  ...furtherIdentifiers,
] as const;
export type TokenPart = (typeof tokenParts)[number];

export const tokenRuleName = z.string().regex(/^[a-z][a-z0-9_]{1,40}$/);

/**
 * One exact token. `exact` rules link on their own; `probable` rules link where nothing contradicts; `weak`
 * rules never link on their own and only count as evidence beside others.
 */
export const tokenRule = z.strictObject({
  name: tokenRuleName.describe('the name of the rule, part of every token it makes'),
  parts: z.array(z.enum(tokenParts)).min(2, 'a rule of a single field could be guessed by frequency'),
  basis: z.enum(['exact', 'probable', 'weak']),
});
export type TokenRule = z.infer<typeof tokenRule>;
