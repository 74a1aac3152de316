/**
 * Reads birth dates of one format, as far as they are dates: a day that its month does not have leaves the month, a
 * month that no year has leaves the year. ISO 8601 with reduced precision: `2014-09-03`, `2014-09` or `2014`.
 *
 * @returns null for a text that is not of the format or has no likely year.
 */
export function datesOf(format: string): (text: string) => string | null {
  const letters: string[] = [];
  const pattern = format.replace(/YYYY|YY|MM|M|DD|D|[^A-Za-z0-9 ]/g, (piece) => {
    const digits = {
      YYYY: '[0-9]{4}',
      YY: '[0-9]{2}',
      MM: '[0-9]{1,2}',
      M: '[0-9]{1,2}',
      DD: '[0-9]{1,2}',
      D: '[0-9]{1,2}',
    }[piece];
    if (digits === undefined) return `\\${piece}`;
    letters.push(piece[0] ?? '');
    return `(${adjacent(format) ? digits.replace('{1,2}', '{2}') : digits})`;
  });
  const expected = new RegExp(`^${pattern}(?:[T ].*)?$`);
  return (text) => {
    const found = expected.exec(text.trim());
    if (found === null) return null;
    const part = (letter: string) => found[letters.indexOf(letter) + 1] ?? '';
    return isoOf(letters.includes('Y') ? part('Y') : '', part('M'), part('D'));
  };
}

/** Whether nothing stands between year, month and day, so that each has all its digits. */
const adjacent = (format: string): boolean => /YYMM|MMDD|DDMM|MMYY/.test(format);

const FIRST_YEAR = 1850;
const LAST_YEAR = 2100;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isoOf(written: string, month: string, day: string): string | null {
  const year =
    written.length === 2
      ? String(Number(written) < 69 ? 2000 + Number(written) : 1900 + Number(written))
      : written;
  if (Number(year) < FIRST_YEAR || Number(year) > LAST_YEAR) return null;
  const days = DAYS[Number(month) - 1];
  if (days === undefined) return year;
  const leap =
    Number(month) === 2 && Number(year) % 4 === 0 && (Number(year) % 100 !== 0 || Number(year) % 400 === 0);
  const inMonth = Number(day) >= 1 && Number(day) <= days + (leap ? 1 : 0);
  const yearMonth = `${year}-${month.padStart(2, '0')}`;
  return inMonth ? `${yearMonth}-${day.padStart(2, '0')}` : yearMonth;
}
