import { dateReader } from '../normalise/dates.js';
import { DATE_FORMATS } from './facts.js';

/** The columns of a sheet with a column a day: where they stand, how days are written, and the first and last. */
export type DayColumns = {
  readonly places: readonly number[];
  readonly format: string;
  readonly first: string;
  readonly last: string;
};

/** A birth date and a date of entry may stand in a row of names; three days that follow one another do not. */
const FEWEST = 3;

/** Columns headed by different days in ascending order, all written alike; undefined where there are hardly any. */
export function dayColumnsOf(header: readonly (string | null)[]): DayColumns | undefined {
  const found = DATE_FORMATS.flatMap((format) => daysIn(header, format) ?? []);
  return found.sort((a, b) => b.places.length - a.places.length)[0];
}

function daysIn(header: readonly (string | null)[], format: string): DayColumns | undefined {
  const read = dateReader(format);
  const days = header.map((cell) => read((cell ?? '').trim()));
  const places = days.flatMap((day, index) => (day === null ? [] : [index]));
  const told = days.filter((day) => day !== null);
  const ascends = told.every((day, index) => index === 0 || (told[index - 1] ?? '') < day);
  const [first] = told;
  const last = told.at(-1);
  if (told.length < FEWEST || !ascends || first === undefined || last === undefined) return undefined;
  return { places, format, first, last };
}
