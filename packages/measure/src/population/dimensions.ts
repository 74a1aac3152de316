import { type Sql, sql } from '@throughline/engine';

/** What a table may be broken down by. */
export const dimensionNames = [
  'school',
  'grade_band',
  'race_ethnicity',
  'sex',
  'low_income',
  'disability',
  'english_learner',
  'home_language',
] as const;
export type Dimension = (typeof dimensionNames)[number];

/** Dimensions that the student record states; school and grade band come from the enrolment. */
export type Attribute = Exclude<Dimension, 'school' | 'grade_band'>;

type Reading = { readonly columns: readonly string[]; readonly value: Sql };

const plain = (column: string, value: Sql): Reading => ({ columns: [column], value });

const readings: Readonly<Record<Attribute, Reading>> = {
  /** Hispanic of any race, as in federal reporting. Who did not answer that is in no race without it. */
  race_ethnicity: {
    columns: ['race', 'hispanic'],
    value: sql`CASE hispanic WHEN 'yes' THEN 'hispanic' WHEN 'no' THEN race ELSE 'unknown' END`,
  },
  sex: plain('sex', sql`sex`),
  low_income: plain('low_income', sql`low_income`),
  disability: plain('disability', sql`disability`),
  english_learner: plain('english_learner', sql`english_learner`),
  home_language: plain('home_language', sql`coalesce(home_language, 'unknown')`),
};

/** How an attribute is read from a row of `students`. */
export const readingOf = (attribute: Attribute): Reading => readings[attribute];

export const attributesAmong = (dimensions: readonly Dimension[]): readonly Attribute[] =>
  dimensions.filter((each): each is Attribute => each !== 'school' && each !== 'grade_band');

/** The margin of a table: a level that no child has. */
export const TOTAL = 'Total';
/** Nobody knows, or the records disagree. */
export const UNKNOWN = 'unknown';
/** A grade that is known and in no band. */
export const OTHER_GRADES = 'other';
