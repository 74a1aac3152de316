/** A calendar date as whole days since 1970-01-01, without time or zone. */
export type Day = number;

const MILLISECONDS_PER_DAY = 86_400_000;

/** @throws RangeError unless `text` is a real date written YYYY-MM-DD. */
export function dayOf(text: string): Day {
  const day = Date.parse(`${text}T00:00:00Z`) / MILLISECONDS_PER_DAY;
  if (!Number.isInteger(day) || iso(day) !== text) throw new RangeError('date: expected YYYY-MM-DD');
  return day;
}

export function dayFrom(year: number, month: number, dayOfMonth: number): Day {
  return Date.UTC(year, month - 1, dayOfMonth) / MILLISECONDS_PER_DAY;
}

export function parts(day: Day): { year: number; month: number; dayOfMonth: number } {
  const date = new Date(day * MILLISECONDS_PER_DAY);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, dayOfMonth: date.getUTCDate() };
}

export const iso = (day: Day): string => new Date(day * MILLISECONDS_PER_DAY).toISOString().slice(0, 10);

/** YYYYMMDD */
export const compact = (day: Day): string => iso(day).replaceAll('-', '');

/** MM/DD/YYYY */
export function american(day: Day): string {
  const text = iso(day);
  return `${text.slice(5, 7)}/${text.slice(8)}/${text.slice(0, 4)}`;
}

/** M/D/YYYY */
export function americanShort(day: Day): string {
  const { year, month, dayOfMonth } = parts(day);
  return `${month}/${dayOfMonth}/${year}`;
}

/** 0 is Sunday. */
export const weekday = (day: Day): number => (((day + 4) % 7) + 7) % 7;

export const isWeekend = (day: Day): boolean => weekday(day) === 0 || weekday(day) === 6;

/** The nth (from 1) given weekday of a month; n = -1 is the last. */
export function nthWeekday(month: { year: number; month: number }, which: number, nth: number): Day {
  if (nth < 0) {
    const last = dayFrom(month.year, month.month + 1, 1) - 1;
    return last - ((weekday(last) - which + 7) % 7);
  }
  const first = dayFrom(month.year, month.month, 1);
  return first + ((which - weekday(first) + 7) % 7) + (nth - 1) * 7;
}
