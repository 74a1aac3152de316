import { type ErrorCode, safeName, ThroughlineError } from '@throughline/core';

/** What a header must and must not have. */
export type ExpectedHeader = {
  readonly extract: string;
  readonly columns: readonly string[];
  readonly refused: readonly string[];
};

/** So many names are repeated in an error; the number of them is told in any case. */
const NAMES_TOLD = 20;

/**
 * Checks a header against its manifest, in any order of columns.
 *
 * @throws ThroughlineError HEADER_NOT_FOUND where fewer than half of the columns are there: then the row may be a
 *   child's, and nothing of it is repeated. Else COLUMN_REFUSED, HEADER_UNKNOWN_COLUMN, HEADER_DUPLICATE_COLUMN,
 *   HEADER_MISSING_COLUMN with the columns' names.
 */
export function requireHeader(found: readonly (string | null)[], expected: ExpectedHeader): void {
  const { columns, refused } = expected;
  const names = found.map((name) => name ?? '');
  const present = columns.filter((column) => names.includes(column));
  if (present.length * 2 < columns.length) throw headerNotFound(expected, present.length);
  const extra = names.filter((name) => !columns.includes(name));
  const missing = columns.filter((column) => !names.includes(column));
  tell(
    'COLUMN_REFUSED',
    expected,
    extra.filter((name) => refused.includes(name)),
  );
  tell('HEADER_UNKNOWN_COLUMN', expected, extra, missing);
  tell(
    'HEADER_DUPLICATE_COLUMN',
    expected,
    names.filter((name, index) => names.indexOf(name) !== index),
  );
  tell('HEADER_MISSING_COLUMN', expected, missing);
}

export const headerNotFound = ({ extract, columns }: ExpectedHeader, found: number): ThroughlineError =>
  new ThroughlineError('HEADER_NOT_FOUND', {
    extract: safeName(extract),
    expected: columns.length,
    found,
  });

/** A column that has come often is one that is missing under another name, so both are told. */
function tell(
  code: ErrorCode,
  { extract }: ExpectedHeader,
  names: readonly string[],
  missing: readonly string[] = [],
): void {
  if (names.length === 0) return;
  throw new ThroughlineError(code, {
    extract: safeName(extract),
    columns: names.slice(0, NAMES_TOLD).map(safeName),
    count: names.length,
    ...(missing.length === 0 ? {} : { missing: missing.slice(0, NAMES_TOLD).map(safeName) }),
  });
}
