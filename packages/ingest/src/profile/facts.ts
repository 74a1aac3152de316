import { ident, type Session, type Sql, sql, sqlJoin } from '@throughline/engine';
import { datePattern } from '../normalise/dates.js';
import { NULL_WORDS } from './known-words.js';

/** What is known of a column, without a value of it: counts, shapes, and words of our own lists. */
export type ColumnFacts = {
  readonly rows: number;
  readonly empty: number;
  /** Words for nothing that the column has, of our own list. */
  readonly nullWords: readonly { readonly word: string; readonly rows: number }[];
  readonly known: number;
  readonly distinct: number;
  /** Shapes: `A` for letters, `9` for a digit; only those that are frequent. `others`: rows of all other shapes. */
  readonly shapes: readonly { readonly shape: string; readonly rows: number }[];
  readonly otherShapes: number;
  /** Formats of dates that take in some values, the one that takes in most first. */
  readonly dates: readonly { readonly format: string; readonly rows: number }[];
  /** Days of which month and day could be either, and days of which they could not. */
  readonly eitherWay: number;
  readonly integers: number;
  readonly decimals: number;
  readonly leadingZeros: number;
  readonly scientific: number;
  readonly serials: number;
  readonly longest: number;
  readonly shortest: number;
  readonly padded: number;
};

/** Formats that systems write, in the words of manifests. */
export const DATE_FORMATS = [
  '%Y-%m-%d',
  '%m/%d/%Y',
  '%d/%m/%Y',
  '%m-%d-%Y',
  '%m/%d/%y',
  '%d/%m/%y',
  '%Y%m%d',
  '%m%d%Y',
  '%d%m%Y',
  '%Y/%m/%d',
  '%d.%m.%Y',
  '%Y-%m-%dT%H:%M:%S',
  '%Y-%m-%d %H:%M:%S',
  '%m/%d/%Y %H:%M:%S',
  '%d/%m/%Y %H:%M:%S',
  '%m/%d/%Y %H:%M',
  '%d/%m/%Y %H:%M',
  '%Y%m%d%H%M',
  '%Y%m%d%H%M%S',
] as const;

/** A shape is told if so many rows have it: one that few have could be told apart from all others. */
const LEAST_ROWS = 11;
const SHAPES_TOLD = 4;

/** A table of which each column is to be told: `c0`, `c1`, … */
export const TABLE = 'profiled';

export async function factsOf(session: Session, index: number): Promise<ColumnFacts> {
  const column = ident(`c${index}`);
  const [row = {}] = await session.rows('profile', countsOf(column));
  const number = (name: string) => Number(row[name] ?? 0);
  const words = await session.rows('profile', wordsOf(column));
  const shapes = await session.rows('profile', shapesOf(column));
  const told = shapes.filter((each) => Number(each['rows']) >= LEAST_ROWS).slice(0, SHAPES_TOLD);
  const toldRows = told.reduce((sum, each) => sum + Number(each['rows']), 0);
  return {
    rows: number('rows'),
    empty: number('empty'),
    nullWords: words.map((each) => ({ word: String(each['word']), rows: Number(each['rows']) })),
    known: number('known'),
    distinct: number('distincts'),
    shapes: told.map((each) => ({ shape: String(each['shape']), rows: Number(each['rows']) })),
    otherShapes: number('known') - toldRows,
    dates: DATE_FORMATS.map((format, at) => ({ format, rows: number(`d${at}`) }))
      .filter(({ rows }) => rows > 0)
      .sort((a, b) => b.rows - a.rows),
    eitherWay: number('either'),
    integers: number('integers'),
    decimals: number('decimals'),
    leadingZeros: number('zeros'),
    scientific: number('scientific'),
    serials: number('serials'),
    longest: number('longest'),
    shortest: number('shortest'),
    padded: number('padded'),
  };
}

const nullList = sqlJoin(NULL_WORDS.map((word) => sql`${word}`));

/** The column's values, without those that mean that nothing is known. */
const knownValues = (column: Sql): Sql =>
  sql`SELECT ${column} AS v FROM ${ident(TABLE)} WHERE ${column} IS NOT NULL AND ${column} NOT IN (${nullList})`;

function countsOf(column: Sql): Sql {
  const dates = DATE_FORMATS.map(
    (format, at) =>
      sql`count(*) FILTER (regexp_full_match(v, ${datePattern(format)}) AND try_strptime(v, ${format}) IS NOT NULL) AS ${ident(`d${at}`)}`,
  );
  return sql`
    SELECT (SELECT count(*) FROM ${ident(TABLE)}) AS rows,
      (SELECT count(*) FROM ${ident(TABLE)} WHERE ${column} IS NULL) AS empty,
      count(*) AS known, count(DISTINCT v) AS distincts, ${sqlJoin(dates)},
      count(*) FILTER (regexp_full_match(v, '[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}.*')
        AND try_cast(regexp_extract(v, '^([0-9]+)', 1) AS INTEGER) <= 12
        AND try_cast(regexp_extract(v, '^[0-9]+[/.-]([0-9]+)', 1) AS INTEGER) <= 12) AS either,
      count(*) FILTER (regexp_full_match(v, '-?[0-9]+')) AS integers,
      count(*) FILTER (regexp_full_match(v, '-?[0-9]+[.][0-9]+')) AS decimals,
      count(*) FILTER (regexp_full_match(v, '0[0-9]+')) AS zeros,
      count(*) FILTER (regexp_full_match(v, '[0-9]([.][0-9]+)?[eE][+][0-9]+')) AS scientific,
      count(*) FILTER (regexp_full_match(v, '[34][0-9]{4}')) AS serials,
      coalesce(max(length(v)), 0) AS longest, coalesce(min(length(v)), 0) AS shortest,
      count(*) FILTER (v <> trim(v)) AS padded
    FROM (${knownValues(column)})`;
}

const wordsOf = (column: Sql): Sql => sql`
  SELECT ${column} AS word, count(*) AS rows FROM ${ident(TABLE)}
  WHERE ${column} IN (${nullList}) GROUP BY 1 ORDER BY rows DESC, word`;

/** Letters of any script are `A`, digits `9`, and what is neither a letter, a digit nor common punctuation `?`. */
const shapesOf = (column: Sql): Sql => sql`
  SELECT regexp_replace(regexp_replace(regexp_replace(v, '[\\p{L}\\p{M}]+', 'A', 'g'), '[0-9]', '9', 'g'),
    '[^A9 ./:,@()#''&|;_+-]', '?', 'g') AS shape, count(*) AS rows
  FROM (${knownValues(column)}) GROUP BY 1 ORDER BY rows DESC, shape LIMIT 50`;

/** How many rows have each of some words; others are counted together and not told. */
export async function wordCounts(
  session: Session,
  index: number,
  words: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const column = ident(`c${index}`);
  const list = sqlJoin(words.map((word) => sql`${word}`));
  const rows = await session.rows(
    'profile',
    sql`SELECT ${column} AS word, count(*) AS rows FROM ${ident(TABLE)} WHERE ${column} IN (${list}) GROUP BY 1 ORDER BY 1`,
  );
  return new Map(rows.map((row) => [String(row['word']), Number(row['rows'])]));
}

/** The first lines at which something stands that is none of the words: where its owner may look. */
export async function linesOfOthers(
  session: Session,
  index: number,
  words: readonly string[],
): Promise<readonly number[]> {
  const column = ident(`c${index}`);
  const list = sqlJoin([...words, ...NULL_WORDS].map((word) => sql`${word}`));
  const rows = await session.rows(
    'profile',
    sql`SELECT min(line) AS line FROM ${ident(TABLE)} WHERE ${column} IS NOT NULL AND ${column} NOT IN (${list})
      GROUP BY ${column} ORDER BY line LIMIT 5`,
  );
  return rows.map((row) => Number(row['line']));
}
