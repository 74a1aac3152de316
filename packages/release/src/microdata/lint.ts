/** Under which rule rows about people may be told apart from aggregates. */
export const standards = ['safe-harbor', 'limited-data-set', 'k-anonymity-only'] as const;
export type Standard = (typeof standards)[number];

/** What a column says of a person, as 45 CFR 164.514 classes it. */
export type ColumnClass = 'name' | 'place-below-state' | 'date' | 'contact' | 'number' | 'free-text' | 'none';

/** The dimensions of the desk. A school is a place far smaller than a state. */
const classes: Readonly<Record<string, ColumnClass>> = {
  school: 'place-below-state',
  grade_band: 'none',
  race_ethnicity: 'none',
  sex: 'none',
  low_income: 'none',
  disability: 'none',
  english_learner: 'none',
  home_language: 'none',
};

const BY_NAME: readonly (readonly [RegExp, ColumnClass])[] = [
  [/(^|_)(first|last|middle|full|sur|nick|guardian)?_?name$/, 'name'],
  [
    /(^|_)(ssn|mrn|student_id|state_id|district_id|lasid|sasid|token|record_id|person_id|account|licen[cs]e|plate|device|ip)(_|$)/,
    'number',
  ],
  [/(^|_)(phone|fax|e?mail|address|street|url)(_|$)/, 'contact'],
  [/(^|_)(zip|city|town|county|neighbou?rhood|school|site|tract|block)(_|$)/, 'place-below-state'],
  [/(^|_)(date|day|dob|birth\w*|entry|exit|on)$/, 'date'],
  [/(^|_)(notes?|comments?|reason|text|remarks?)(_|$)/, 'free-text'],
];

/** By its name, where it is none of the desk's. */
export const classOf = (column: string): ColumnClass =>
  classes[column] ?? BY_NAME.find(([form]) => form.test(column))?.[1] ?? 'none';

const FORBIDDEN: Readonly<Record<Standard, readonly ColumnClass[]>> = {
  'safe-harbor': ['name', 'place-below-state', 'date', 'contact', 'number', 'free-text'],
  'limited-data-set': ['name', 'contact', 'number', 'free-text'],
  'k-anonymity-only': ['name', 'contact', 'number', 'free-text'],
};

/**
 * Columns that a standard does not let out: Safe Harbor (164.514(b)(2)) no place below a state and no date but its
 * year, a limited data set (164.514(e)(2)) no direct identifier. Years are numbers of four digits and not dates.
 */
export const forbiddenColumns = (columns: readonly string[], standard: Standard): readonly string[] =>
  columns.filter((column) => FORBIDDEN[standard].includes(classOf(column)));
