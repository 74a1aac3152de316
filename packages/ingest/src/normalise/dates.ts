import { known, type Normal, unknown } from './normal-form.js';

/** Dates that systems write when they know none. */
const PLACEHOLDERS: ReadonlySet<string> = new Set(['1900-01-01', '1901-01-01', '1911-11-11', '1970-01-01']);
const EARLIEST_YEAR = 1900;

const DIGITS: Readonly<Record<string, number>> = { Y: 4, y: 2, m: 2, d: 2, H: 2, M: 2, S: 2 };

/**
 * The texts that a format of dates takes in, as a regular expression that JavaScript and DuckDB read alike. One
 * digit will do for a month or a day that something stands before and after; not in `%Y%m%d`, where a lost digit
 * would make another date.
 */
export function datePattern(format: string): string {
  const pieces = format.match(/%[YymdHMS]|[^%]/gu) ?? [];
  return pieces.map((piece, index) => datePiece(pieces, piece, index)).join('');
}

function datePiece(pieces: readonly string[], piece: string, index: number): string {
  const digits = DIGITS[piece.slice(1)];
  if (digits === undefined || !piece.startsWith('%')) return piece.replace(/[^\p{L}\p{N} ]/u, '\\$&');
  const alone = [pieces[index - 1], pieces[index + 1]].every((beside) => beside?.startsWith('%') !== true);
  const fixed = !alone || /[Yy]/.test(piece);
  return fixed ? `[0-9]{${digits}}` : `[0-9]{1,${digits}}`;
}

/**
 * Reads dates of one format.
 *
 * @returns a function that gives the ISO date, or null for a text that is none in this format.
 */
export function dateReader(format: string): (text: string) => string | null {
  const letters = (format.match(/%[YymdHMS]/g) ?? []).map((piece) => piece.slice(1));
  const pattern = new RegExp(`^${datePattern(format).replace(/\[0-9\]\{[^}]*\}/g, '($&)')}$`);
  return (text) => {
    const found = pattern.exec(text);
    if (found === null) return null;
    const parts = new Map(letters.map((letter, index) => [letter, Number(found[index + 1])]));
    return isClock(parts) ? isoDate(yearOf(parts), parts.get('m') ?? 0, parts.get('d') ?? 1) : null;
  };
}

type Parts = ReadonlyMap<string, number>;

const isClock = (parts: Parts): boolean =>
  (parts.get('H') ?? 0) < 24 && (parts.get('M') ?? 0) < 60 && (parts.get('S') ?? 0) < 60;

/** Two digits are of 1969 to 2068, as POSIX has it. */
function yearOf(parts: Parts): number {
  const short = parts.get('y');
  if (short === undefined) return parts.get('Y') ?? 0;
  return short < 69 ? 2000 + short : 1900 + short;
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isoDate(year: number, month: number, day: number): string | null {
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = (DAYS[month - 1] ?? 0) + (leap ? 1 : 0);
  if (year < 1 || day < 1 || day > days) return null;
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/**
 * The normal form of a birth date, from the formats of its column, on a day: ISO; not in the future. A text that two
 * formats read as two dates is none of them.
 */
export function birthDateReader(formats: readonly string[], today: string): (raw: string) => Normal {
  const readers = formats.map(dateReader);
  return (raw) => {
    const text = raw.trim();
    let date: string | null = null;
    for (const read of readers) {
      const found = read(text);
      if (found !== null && date !== null && found !== date) return unknown('ambiguous_date');
      date ??= found;
    }
    if (date === null) return unknown('bad_date');
    if (PLACEHOLDERS.has(date)) return unknown('placeholder');
    return date > today || Number(date.slice(0, 4)) < EARLIEST_YEAR ? unknown('bad_date') : known(date);
  };
}
