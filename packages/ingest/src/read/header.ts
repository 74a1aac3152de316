import { type ErrorCode, safeName, ThroughlineError } from '@throughline/core';

/** What a header must and must not have. */
export type ExpectedHeader = {
  readonly extract: string;
  readonly columns: readonly string[];
  /** Columns that may be missing. */
  readonly optional: readonly string[];
  readonly refused: readonly string[];
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
 *   HEADER_MISSING_COLUMN with the columns' names.
 */
export function requireHeader(found: readonly (string | null)[], expected: ExpectedHeader): void {
  const { columns, optional, refused } = expected;
  const names = found.map((name) => name ?? '');
  const needed = columns.filter((column) => !optional.includes(column));
  requireHalf(names, expected, needed.length > 0 ? needed : columns);
  const known = new Set(columns);
  const extra = names.filter((name) => !known.has(name));
  tell('COLUMN_REFUSED', expected, { names: extra.filter((name) => refused.includes(name)) });
  const missing = needed.filter((column) => !names.includes(column));
  if (mayBeValues(extra, { names, missing, columns })) {
    throw new ThroughlineError('HEADER_UNKNOWN_COLUMN', {
      extract: safeName(expected.extract),
      count: extra.length,
      first_position: names.findIndex((name) => !known.has(name)) + 1,
    });
  }
  tell('HEADER_UNKNOWN_COLUMN', expected, { names: extra, missing });
  tell('HEADER_DUPLICATE_COLUMN', expected, { names: repeated(names) });
  tell('HEADER_MISSING_COLUMN', expected, { names: missing });
}

type Surroundings = {
  readonly names: readonly string[];
  readonly missing: readonly string[];
  readonly columns: readonly string[];
};

/** No name of a column, as far as it can be seen: it has a line break or another control character, or no letter. */
const NO_NAME = /\p{Cc}|^\P{L}*$/u;

/**
 * Whether what stands beside the known columns may be a child's row that a lost line break or quote has joined to the
 * header: then it is told by its position alone. Columns that were renamed are as many as are missing, and new ones
 * are fewer than half of all.
 */
function mayBeValues(extra: readonly string[], { names, missing, columns }: Surroundings): boolean {
  const written = extra.filter((name) => name !== '');
  if (written.some((name) => NO_NAME.test(name))) return true;
  const last = names.at(-1) ?? '';
  const runsOn = missing.some(
    (column) => last.startsWith(column) && !/^[\s_-]/.test(last.slice(column.length)) && extra.includes(last),
  );
  const most = missing.length > 0 ? missing.length : Math.max(1, Math.floor(columns.length / 2));
  return runsOn || written.length > most;
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
 *   names may be values, HEADER_UNKNOWN_COLUMN, COLUMN_REFUSED, HEADER_MISSING_COLUMN.
 */
export function requireMembers(
  { seen, others, otherCount }: FoundMembers,
  expected: ExpectedHeader & { readonly required: readonly string[] },
): void {
  if (otherCount > seen.length) throw headerNotFound(expected, seen.length);
  tell('COLUMN_REFUSED', expected, { names: seen.filter((name) => expected.refused.includes(name)) });
  tell('HEADER_UNKNOWN_COLUMN', expected, { names: others, count: otherCount });
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
};

/** A column that has come often is one that is missing under another name, so both are told. */
function tell(
  code: ErrorCode,
  { extract }: ExpectedHeader,
  { names, count = names.length, missing = [] }: Told,
): void {
  if (names.length === 0) return;
  throw new ThroughlineError(code, {
    extract: safeName(extract),
    columns: names.slice(0, NAMES_TOLD).map(safeName),
    count,
    ...(missing.length === 0 ? {} : { missing: missing.slice(0, NAMES_TOLD).map(safeName) }),
  });
}
