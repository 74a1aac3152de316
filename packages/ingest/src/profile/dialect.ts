import { type Dialect, type ScannedRecord, scannerOf } from '../read/scan.js';

/** A dialect that fits, and how well: the share of records that have as many cells as most. */
export type DialectGuess = {
  readonly dialect: Dialect;
  readonly columns: number;
  readonly share: number;
  /** Records, from the start, that are narrower than the table: titles. `line`: where the table begins. */
  readonly titles: number;
  readonly line: number;
  readonly records: readonly ScannedRecord[];
};

const DELIMITERS = [',', '\t', '|', ';', '^', '~'] as const;
const QUOTES = ['"', "'", null] as const;
const ESCAPES = ['doubled-quote', 'backslash'] as const;

/**
 * The dialects that give a table of two columns or more, best first. Suggested, never used: a manifest declares one.
 *
 * @param text the beginning of a file, up to a line break.
 */
export function dialectsOf(text: string): DialectGuess[] {
  const guesses = DELIMITERS.filter((delimiter) => text.includes(delimiter)).flatMap((delimiter) =>
    QUOTES.flatMap((quote) =>
      ESCAPES.filter((escaping) => escaping !== 'backslash' || text.includes('\\')).flatMap(
        (escaping) => guessOf(text, { delimiter, quote, escape: escaping }) ?? [],
      ),
    ),
  );
  return guesses.sort((a, b) => rank(b) - rank(a));
}

function guessOf(text: string, dialect: Dialect): DialectGuess | undefined {
  if (dialect.quote !== null && !text.includes(dialect.quote) && dialect.quote !== '"') return undefined;
  const records = recordsOf(text, dialect);
  if (records === undefined || records.length === 0) return undefined;
  const columns = commonest(records.map(({ cells }) => cells.length));
  if (columns < 2) return undefined;
  const first = records.findIndex(({ cells }) => cells.length === columns);
  const table = records.slice(first);
  const sound = table.filter(({ cells, fault }) => cells.length === columns && fault !== 'stray_quote');
  return {
    dialect,
    columns,
    share: sound.length / table.length,
    titles: first,
    line: records[first]?.line ?? 1,
    records: table,
  };
}

/** Every record of a text, whatever its width; undefined where a quote is never closed. */
function recordsOf(text: string, dialect: Dialect): ScannedRecord[] | undefined {
  const records: ScannedRecord[] = [];
  const scanner = scannerOf(dialect, (record) => records.push(record));
  return (scanner.push(text) ?? scanner.end()) === null ? records : undefined;
}

function commonest(widths: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const width of widths) counts.set(width, (counts.get(width) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]?.[0] ?? 0;
}

/** More of the records whole, then quotes that are used as quotes, then more columns. */
function rank({ share, columns, dialect, records }: DialectGuess): number {
  const bare = records.some(({ cells }) =>
    cells.some((cell) => dialect.quote === null && /^".*"$/.test(cell ?? '')),
  );
  const escapes = dialect.escape === 'backslash' && records.some(({ cells }) => cells.includes(null));
  return (
    share * 100 +
    (bare ? -20 : 0) +
    (escapes ? 5 : 0) +
    Math.min(columns, 40) / 4 +
    (dialect.quote === '"' ? 1 : 0) -
    (dialect.escape === 'backslash' ? 1 : 0)
  );
}
