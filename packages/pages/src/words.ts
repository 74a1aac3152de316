/** Fixed locale and time zone, so that a report does not depend on the machine that writes it. */
const NUMBERS = new Intl.NumberFormat('en-US');
const TENTHS = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const DATES = new Intl.DateTimeFormat('en-US', { dateStyle: 'long', timeZone: 'UTC' });
const MS_PER_DAY = 86_400_000;

/**
 * Text in which everything can be seen: spaces are folded, and controls, bidirectional marks and other
 * characters without a shape become U+FFFD, as they could reorder a page or drive a terminal.
 */
export const visible = (text: string): string =>
  text.replace(/[\t\n\r ]+/g, ' ').replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\uFFFD');

/** 12345 as "12,345". */
export const count = (value: number): string => NUMBERS.format(value);

/** "1 row", "2 rows". */
export const counted = (value: number, one: string, many: string): string =>
  `${count(value)} ${value === 1 ? one : many}`;

/** One decimal; "0.0%" and "100.0%" are kept for none and all, as readers take them at their word. */
export const percentOf = (part: number, whole: number): string => {
  if (whole <= 0) return 'none';
  const percent = (100 * part) / whole;
  if (percent > 0 && percent < 0.1) return 'under 0.1%';
  if (percent < 100 && percent > 99.9) return 'over 99.9%';
  return `${TENTHS.format(percent)}%`;
};

/** Parts of names that people spell otherwise. */
const SPELLINGS: ReadonlyMap<string, string> = new Map([
  ['dob', 'birth date'],
  ['id', 'ID'],
  ['zip', 'ZIP'],
  ['english', 'English'],
  ['ethnicity', 'and ethnicity'],
  ['x', 'by'],
]);

/** A name of a schema or configuration inside a sentence: "race_ethnicity" as "race and ethnicity". */
export const inSentence = (name: string): string =>
  name
    .split(/[_ ]+/)
    .map((part, at) => (at === 0 && part !== 'english' ? part : (SPELLINGS.get(part) ?? part)))
    .join(' ')
    .trim();

/** A name that stands alone: "grade_band" as "Grade band". */
export const inWords = (name: string): string => {
  const words = inSentence(name);
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** "a, b and c". */
export const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;

/** At most `longest` code points, the last an ellipsis if some were cut. */
export const shortened = (text: string, longest: number): string => {
  const points = Array.from(text);
  return points.length <= longest ? text : `${points.slice(0, longest - 1).join('')}…`;
};

const dayNumber = (iso: string): number | null => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(iso)) return null;
  const ms = Date.parse(iso);
  return Number.isNaN(ms) ? null : ms / MS_PER_DAY;
};

export const isDate = (text: string): boolean => dayNumber(text) !== null;

/** An ISO date spelled out, "June 16, 2026"; any other text as it is. */
export const dateInWords = (iso: string): string => {
  const day = dayNumber(iso);
  return day === null ? iso : DATES.format(day * MS_PER_DAY);
};

/** Days from one ISO date to another, negative if it lies before; null if either is not a date. */
export const daysBetween = (from: string, to: string): number | null => {
  const [start, end] = [dayNumber(from), dayNumber(to)];
  return start === null || end === null ? null : end - start;
};
