/** Names that stand for no name, folded. They never make a token. */
const NO_FIRST: ReadonlySet<string> = new Set([
  'FNU',
  'N A',
  'NFN',
  'NO FIRST NAME',
  'NONE',
  'NOT GIVEN',
  'TEST',
  'UNK',
  'UNKNOWN',
  'UNNAMED',
  'XXX',
]);

const NO_MIDDLE: ReadonlySet<string> = new Set([
  'N A',
  'NMI',
  'NMN',
  'NO MIDDLE NAME',
  'NONE',
  'UNK',
  'UNKNOWN',
]);

const NO_LAST: ReadonlySet<string> = new Set([
  'LNU',
  'N A',
  'NLN',
  'NO LAST NAME',
  'NOT GIVEN',
  'TEST',
  'UNK',
  'UNKNOWN',
  'XXX',
]);

/** A newborn charted before it has a name: BABY BOY, INFANT GIRL B, TWIN 2. */
const NEWBORN =
  /^(?:(?:BABY|INFANT|NEWBORN|UNNAMED)(?: ?(?:BOY|GIRL|MALE|FEMALE|TWIN))?|BOY|GIRL|MALE|FEMALE|TWIN)(?: [A-D1-4])?$/;

export const isNoFirst = (name: string): boolean => NO_FIRST.has(name) || NEWBORN.test(name);
export const isNoMiddle = (name: string): boolean => NO_MIDDLE.has(name);
export const isNoLast = (name: string): boolean => NO_LAST.has(name);

/** First names that only test records have. */
const TEST_FIRST = /^(?:Z*TEST(?:ER|ING|STUDENT|CHILD)?\d*|DEMO|DUMMY|FAKE|SAMPLE|TRAINING)$/;
/** Test and Demo are surnames of real families too, so the first name must agree that nobody is meant. */
const TEST_LAST = /^(?:Z*TEST(?:ER|ING)?\d*|DEMO|SAMPLE|DUMMY|FAKE)$/;
const NOBODY_FIRST = /^(?:STUDENT|CHILD|KID|PARTICIPANT|PATIENT|USER|NEW|FIRST|MY)\d*$/;

/** Whether a name, folded, is that of a test record rather than of a child. */
export const isTestName = (first: string, last: string): boolean =>
  TEST_FIRST.test(first) || (TEST_LAST.test(last) && NOBODY_FIRST.test(first));
