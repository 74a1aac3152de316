import { type ErrorCode, safeName, ThroughlineError } from '@throughline/core';
import { isColumnName } from './column-words.js';

/** What a header must and must not have. */
export type ExpectedHeader = {
  readonly extract: string;
  readonly columns: readonly string[];
  /** Columns that may be missing. */
  readonly optional: readonly string[];
  readonly refused: readonly string[];
  /** A sheet with a column a day: the field that takes the day, and how a heading is read; null for one that is none. */
  readonly days?: { readonly field: string; readonly dayOf: (heading: string) => string | null };
};

/** So many names are repeated in an error; the number of them is told in any case. */
const NAMES_TOLD = 20;

/** How names of columns are compared: `exact`, or `folded` to letters and digits without case. */
export type HeaderMatch = 'exact' | 'folded';

const folded = (name: string): string =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

/**
 * A header in the manifest's spelling. With `folded`, names that differ in case, spaces or punctuation only are the
 * same; a name that then could be several of the manifest's stays as it is.
 */
export function listedHeader(
  found: readonly (string | null)[],
  listed: readonly string[],
  match: HeaderMatch,
): readonly (string | null)[] {
  if (match === 'exact') return found;
  return found.map((name) => {
    if (name === null || listed.includes(name)) return name;
    const alike = listed.filter((each) => folded(each) === folded(name));
    return alike.length === 1 ? (alike[0] ?? name) : name;
  });
}

/**
 * Checks a header against its manifest, in any order of columns.
 *
 * @throws ThroughlineError HEADER_NOT_FOUND where fewer than half of the columns are there: then the row may be a
 *   child's, and nothing of it is repeated. Else COLUMN_REFUSED, HEADER_UNKNOWN_COLUMN, HEADER_DUPLICATE_COLUMN,
 *   HEADER_MISSING_COLUMN with the columns' names; an unknown one that may be a value is told by its position.
 */
export function requireHeader(found: readonly (string | null)[], expected: ExpectedHeader): void {
  const { columns, optional, refused } = expected;
  const names = found.map((name) => name ?? '');
  const needed = columns.filter((column) => !optional.includes(column));
  requireHalf(names, expected, needed.length > 0 ? needed : columns);
  const known = new Set(columns);
  const days = names.map((name) => (known.has(name) ? null : (expected.days?.dayOf(name) ?? null)));
  const isKnown = (name: string, index: number) => known.has(name) || (days[index] ?? null) !== null;
  const extra = names.filter((name, index) => !isKnown(name, index));
  tell('COLUMN_REFUSED', expected, { names: extra.filter((name) => refused.includes(name)) });
  const missing = needed.filter((column) => !names.includes(column));
  const tellable = nameTeller(expected);
  tell('HEADER_UNKNOWN_COLUMN', expected, {
    names: extra.filter(tellable),
    count: extra.length,
    missing,
    positions: names.flatMap((name, index) =>
      isKnown(name, index) || tellable(name) ? [] : [positionOf(index + 1)],
    ),
  });
  tell('HEADER_DUPLICATE_COLUMN', expected, { names: repeated(names.filter((name) => known.has(name))) });
  requireDays(expected, days);
  tell('HEADER_MISSING_COLUMN', expected, { names: missing });
}

/** A sheet with a column a day has at least one of them, and each day once. */
function requireDays(expected: ExpectedHeader, days: readonly (string | null)[]): void {
  if (expected.days === undefined) return;
  const again = days.flatMap((day, index) =>
    day !== null && days.indexOf(day) !== index ? [positionOf(index + 1)] : [],
  );
  tell('HEADER_DUPLICATE_COLUMN', expected, { names: [], count: again.length, positions: again });
  if (days.every((day) => day === null))
    tell('HEADER_MISSING_COLUMN', expected, { names: [expected.days.field] });
}

/**
 * Says which names of unknown columns are told: none at all, those that spell a listed one otherwise, and those of our
 * own words for columns. All others may be a child's value that stands where a name should be.
 */
function nameTeller({ columns, refused }: ExpectedHeader): (name: string) => boolean {
  const listed = new Set([...columns, ...refused].map(folded));
  return (name) => name === '' || isColumnName(name) || (folded(name) !== '' && listed.has(folded(name)));
}

/** A column as a person finds it in a file and in a spreadsheet: `28 (AB)`. */
export function positionOf(position: number): string {
  let letters = '';
  for (let left = position; left > 0; left = Math.floor((left - 1) / 26)) {
    letters = String.fromCharCode(65 + ((left - 1) % 26)) + letters;
  }
  return `${position} (${letters})`;
}

const repeated = (names: readonly string[]): string[] =>
  names.filter((name, index) => names.indexOf(name) !== index);

function requireHalf(names: readonly string[], expected: ExpectedHeader, needed: readonly string[]): void {
  const present = needed.filter((column) => names.includes(column));
  if (present.length * 2 < needed.length || present.length === 0)
    throw headerNotFound(expected, present.length);
}

/** The members that records of a tree had, of those listed, and others. */
export type FoundMembers = {
  readonly seen: readonly string[];
  readonly others: readonly string[];
  readonly otherCount: number;
};

/**
 * Checks the members of records without a header. A record may leave out what it has no value for, so only a member
 * that no record has and that every row needs is missing.
 *
 * @throws ThroughlineError HEADER_NOT_FOUND where fewer than half of the members that records have are listed, so that
 *   names may be values, HEADER_UNKNOWN_COLUMN (of others, only the names that can be no value are told),
 *   COLUMN_REFUSED, HEADER_MISSING_COLUMN.
 */
export function requireMembers(
  { seen, others, otherCount }: FoundMembers,
  expected: ExpectedHeader & { readonly required: readonly string[] },
): void {
  if (otherCount > seen.length) throw headerNotFound(expected, seen.length);
  tell('COLUMN_REFUSED', expected, { names: seen.filter((name) => expected.refused.includes(name)) });
  tell('HEADER_UNKNOWN_COLUMN', expected, { names: others.filter(nameTeller(expected)), count: otherCount });
  tell('HEADER_MISSING_COLUMN', expected, {
    names: expected.required.filter((name) => !seen.includes(name)),
  });
}

export const headerNotFound = ({ extract, columns }: ExpectedHeader, found: number): ThroughlineError =>
  new ThroughlineError('HEADER_NOT_FOUND', {
    extract: safeName(extract),
    expected: columns.length,
    found,
  });

type Told = {
  readonly names: readonly string[];
  readonly count?: number;
  readonly missing?: readonly string[];
  /** Where columns stand whose names are not told. */
  readonly positions?: readonly string[];
};

/** A column that has come often is one that is missing under another name, so both are told. */
function tell(
  code: ErrorCode,
  { extract }: ExpectedHeader,
  { names, count = names.length, missing = [], positions = [] }: Told,
): void {
  if (count === 0) return;
  const some = (key: string, list: readonly string[]) =>
    list.length === 0 ? {} : { [key]: list.slice(0, NAMES_TOLD).map(safeName) };
  throw new ThroughlineError(code, {
    extract: safeName(extract),
    ...some('columns', names),
    count,
    ...some('missing', missing),
    ...some('positions', positions),
  });
}
