import { bigramsOf } from '../seal1/bigrams.js';
import { type Identifiers, LONGEST_VALUE } from '../tok1/parts.js';

/**
 * Kinds of feature. No sex, no century, no first digits of the ZIP code: a feature that many children share pins its
 * bits, and a pinned bit undoes the diffusion of every bit that it is added to.
 */
export const featureKinds = [
  'first',
  'last',
  'yy',
  'mm',
  'dd',
  'yymm',
  'mmdd',
  'yydd',
  'y',
  'd',
  'zip',
  'zip.2',
] as const;
export type FeatureKind = (typeof featureKinds)[number];

export type Feature = readonly [kind: FeatureKind, text: string];

/**
 * The features of a record: bigrams of both names, pieces of the birth date, the ZIP code and its last two digits.
 *
 * @returns undefined where a name or the birth date is missing: of too few features the filter is too empty to hide
 *   anything.
 */
export function featuresOf({ first, last, birth_date, zip }: Identifiers): Feature[] | undefined {
  if (isMissing(first) || isMissing(last) || isMissing(birth_date)) return undefined;
  const [yy, mm, dd] = [birth_date.slice(2, 4), birth_date.slice(5, 7), birth_date.slice(8, 10)];
  return [
    ...bigramsOf(first).map((bigram): Feature => ['first', bigram]),
    ...bigramsOf(last).map((bigram): Feature => ['last', bigram]),
    ['yy', yy],
    ['mm', mm],
    ['dd', dd],
    ['yymm', yy + mm],
    ['mmdd', mm + dd],
    ['yydd', yy + dd],
    ['y', yy.slice(1)],
    ['d', dd.slice(1)],
    ...(isMissing(zip) ? [] : [['zip', zip] as const, ['zip.2', lastTwo(zip)] as const]),
  ];
}

/** In code points, so that no letter is cut in two. */
const lastTwo = (text: string): string => [...text].slice(-2).join('');

const isMissing = (value: string | null): value is null =>
  value === null || value.length === 0 || value.length > LONGEST_VALUE;
