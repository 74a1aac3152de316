import type { ColumnType } from '@throughline/core';

/** What a statement may bind. */
export type SqlValue = string | number | bigint | boolean | null;

const sqlBrand: unique symbol = Symbol('sql');

/**
 * A piece of SQL: fixed text, bound values and nested pieces. The only ways to make one are the `sql` tag and the
 * functions of this file, none of which takes a raw string: values bind, identifiers quote themselves.
 */
export type Sql = { readonly [sqlBrand]: true; readonly parts: readonly SqlPart[] };
type SqlPart = { readonly text: string } | { readonly value: SqlValue };

const made = (parts: readonly SqlPart[]): Sql => ({ [sqlBrand]: true, parts });

/**
 * SQL from a template: nested pieces are kept, everything else is bound.
 *
 * @throws RangeError for undefined, which would otherwise drop out and leave another statement.
 */
export function sql(texts: TemplateStringsArray, ...inserted: readonly (Sql | SqlValue)[]): Sql {
  const parts = texts.flatMap((text, index): SqlPart[] => {
    if (index === inserted.length) return [{ text }];
    const next = inserted[index];
    if (next === undefined) throw new RangeError('sql: a value, null or a piece of SQL expected');
    return isSql(next) ? [{ text }, ...next.parts] : [{ text }, { value: next }];
  });
  return made(parts);
}

const isSql = (inserted: Sql | SqlValue): inserted is Sql =>
  typeof inserted === 'object' && inserted !== null && sqlBrand in inserted;

/**
 * A quoted identifier.
 *
 * @throws RangeError if the name is empty, has a NUL or is longer than 255 characters.
 */
export function ident(name: string): Sql {
  if (name.length === 0 || name.length > 255 || name.includes('\0')) {
    throw new RangeError('ident: 1 to 255 characters without NUL expected');
  }
  return made([{ text: `"${name.replaceAll('"', '""')}"` }]);
}

/** A column type of an artifact. */
export const sqlType = (type: ColumnType): Sql => made([{ text: type }]);

/**
 * The type of a column that holds some words only. They are put in the order of their bytes, so that a column of this
 * type sorts as its texts do.
 *
 * @throws RangeError if there is no word, or one has anything but ASCII letters, digits, spaces and `_-+:./`.
 */
export function sqlEnum(words: readonly string[]): Sql {
  if (words.length === 0 || !words.every((word) => /^[A-Za-z0-9 _+:./-]+$/.test(word))) {
    throw new RangeError('sqlEnum: plain words expected');
  }
  const sorted = [...new Set(words)].sort();
  return made([{ text: `ENUM(${sorted.map((word) => `'${word}'`).join(', ')})` }]);
}

/** Pieces with a comma (or another piece) between them; `null` where there are none is the caller's to avoid. */
export function sqlJoin(pieces: readonly Sql[], between: Sql = sql`, `): Sql {
  return made(
    pieces.flatMap((piece, index) => (index === 0 ? piece.parts : [...between.parts, ...piece.parts])),
  );
}

/** Nothing at all. */
export const sqlEmpty: Sql = made([]);

/** A statement as DuckDB takes it: `$1`, `$2`, … and the values in order. */
export function rendered(statement: Sql): { readonly text: string; readonly values: readonly SqlValue[] } {
  const values: SqlValue[] = [];
  const text = statement.parts
    .map((part) => ('text' in part ? part.text : `$${values.push(part.value)}`))
    .join('');
  return { text, values };
}

const CANONICAL_OPTIONS =
  "auto_detect = false, header = false, delim = ',', quote = '\"', escape = '\"', nullstr = '', " +
  "hive_partitioning = false, strict_mode = true, null_padding = false, ignore_errors = false, max_line_size = 4194304, encoding = 'utf-8'";

/**
 * Rows of a canonical CSV file: `line` BIGINT (the row's line in the source) and columns `c0` … as VARCHAR.
 * Nothing is sniffed (DuckDB's sniffing drops rows silently) and one bad row fails the statement.
 */
export function readCanonicalCsv(path: string, columns: number): Sql {
  const names = Array.from({ length: columns }, (_, index) => `, 'c${index}': 'VARCHAR'`).join('');
  return sql`read_csv(${path}, columns = {'line': 'BIGINT'${made([{ text: names }])}}, ${made([{ text: CANONICAL_OPTIONS }])})`;
}

/** Rows of a Parquet file; a folder named `year=2026` above it adds no column. */
export const readParquet = (path: string): Sql => sql`read_parquet(${path}, hive_partitioning = false)`;
