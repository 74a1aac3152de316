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

const DAYS_PER_ERA = 146_097;

/**
 * Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days: years begin in March, eras of 400
 * years on 0000-03-01. A third of the time of Date, of which a large city needs millions.
 */
export function parts(day: Day): { year: number; month: number; dayOfMonth: number } {
  const sinceEpoch = day + 719_468;
  const era = Math.floor(sinceEpoch / DAYS_PER_ERA);
  const inEra = sinceEpoch - era * DAYS_PER_ERA;
  const leapless =
    inEra - Math.floor(inEra / 1_460) + Math.floor(inEra / 36_524) - Math.floor(inEra / 146_096);
  const yearOfEra = Math.floor(leapless / 365);
  const inYear = inEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * inYear + 2) / 153);
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  const dayOfMonth = inYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfMonth };
}

/** YYYY-MM-DD */
export function iso(day: Day): string {
  const { year, month, dayOfMonth } = parts(day);
  return `${year}-${twoDigits(month)}-${twoDigits(dayOfMonth)}`;
}

const twoDigits = (value: number): string => (value < 10 ? `0${value}` : String(value));

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

/** The day itself, or the Monday after a weekend. */
export function weekdayFrom(day: Day): Day {
  return isWeekend(day) ? weekdayFrom(day + 1) : day;
}

/** The nth (from 1) given weekday of a month; n = -1 is the last. */
export function nthWeekday(month: { year: number; month: number }, which: number, nth: number): Day {
  if (nth < 0) {
    const last = dayFrom(month.year, month.month + 1, 1) - 1;
    return last - ((weekday(last) - which + 7) % 7);
  }
  const first = dayFrom(month.year, month.month, 1);
  return first + ((which - weekday(first) + 7) % 7) + (nth - 1) * 7;
}
