import { type ExactPart, knownParts, type SimilarPart, type SlotPart } from '@throughline/agreement';
import { type Identifiers, partOf } from '../tok1/parts.js';

type SimilarField = (typeof similarFields)[number];

/** Fields by which records are compared. */
export type ComparedFields = {
  readonly similar: readonly SimilarField[];
  readonly exact: readonly ExactPart[];
};

/** A field that fewer rows of a file have is not compared. */
const RARE = 0.02;

export const similarFields = [
  'first',
  'last',
  'middle',
  'street',
  'guardian',
] as const satisfies readonly SimilarPart[];
const EXACT: readonly SlotPart[] = [
  'birth_date.year',
  'birth_date.month',
  'birth_date.day',
  'month_day.sorted',
  'sex',
  'middle.initial',
  'first_root',
  'names.sorted',
  'first.3',
  'last.3',
  'zip',
  'street_number',
  'city',
  'phone',
  'email',
  'state_id',
  'district_id',
  'birth_place',
  'suffix',
  'custom_1',
  'custom_2',
  'custom_3',
  'custom_4',
];

/** The fields that at least so many files have; that a record holds an identifier is compared where some row lacks it. */
export function comparedFields(files: readonly (readonly Identifiers[])[], least: number): ComparedFields {
  const present = (part: ExactPart | SimilarPart): boolean =>
    files.filter((rows) => shareWith(part, rows) >= RARE).length >= least;
  const lacking = (part: ExactPart): boolean => files.some((rows) => shareWith(part, rows) < 1);
  return {
    similar: similarFields.filter(present),
    exact: [...EXACT.filter(present), ...knownParts.filter((part) => present(part) && lacking(part))],
  };
}

const shareWith = (part: ExactPart | SimilarPart, rows: readonly Identifiers[]): number =>
  rows.filter((row) => partOf(part, row).length > 0).length / rows.length;
