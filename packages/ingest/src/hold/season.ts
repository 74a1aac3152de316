/** A school year and its breaks; all days inclusive, ISO dates. */
export type SchoolYear = {
  readonly first_day: string;
  readonly last_day: string;
  readonly breaks: readonly { readonly from: string; readonly to: string }[];
};

/**
 * What a day of the year lets one expect of deliveries: nightly ones in `term`; none in a `break` and in `summer`;
 * in `rollover`, around the first day of a year, the largest changes of all.
 */
export type Season = 'term' | 'break' | 'summer' | 'rollover';

const DAY = 86_400_000;
/** Systems roll over from two weeks before the first day, and rosters settle in the two weeks after it. */
const ROLLOVER_DAYS = 14;
/** Systems close a year from two days before its last. */
const CLOSING_DAYS = 2;

const moved = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10);

/** Whole days from one ISO date to another. */
export const daysFrom = (one: string, other: string): number => (Date.parse(other) - Date.parse(one)) / DAY;

/**
 * The season of a day in the years that are known.
 *
 * @param years none: then every day within `covers` is term, and all others are summer.
 */
export function seasonOf(
  day: string,
  years: readonly SchoolYear[],
  covers: { readonly covers_from: string; readonly covers_to: string },
): Season {
  if (years.length === 0) return covers.covers_from <= day && day <= covers.covers_to ? 'term' : 'summer';
  const rolls = years.some(
    ({ first_day }) => moved(first_day, -ROLLOVER_DAYS) <= day && day <= moved(first_day, ROLLOVER_DAYS),
  );
  if (rolls) return 'rollover';
  const year = years.find(
    ({ first_day, last_day }) => first_day <= day && day < moved(last_day, -CLOSING_DAYS),
  );
  if (year === undefined) return 'summer';
  return year.breaks.some(({ from, to }) => from <= day && day <= to) ? 'break' : 'term';
}

/** How many of the days after one and up to another are days of term. */
export function termDaysBetween(from: string, to: string, seasonOn: (day: string) => Season): number {
  let days = 0;
  for (let day = moved(from, 1); day <= to; day = moved(day, 1)) if (seasonOn(day) === 'term') days += 1;
  return days;
}
