import type { Streams } from '../random/streams.js';
import { type Day, dayFrom, isWeekend, nthWeekday, parts } from './days.js';

export type SchoolYear = {
  readonly start: Day;
  readonly end: Day;
  /** The last day in session. What happened in the year is drawn up to here, whatever the night. */
  readonly lastDay: Day;
  /** The evening the extracts are made: the last day in session, plus one day for each later night. */
  readonly snapshot: Day;
};

export type DayType =
  | 'School Day'
  | 'Weekend'
  | 'Holiday'
  | 'Vacation'
  | 'Snow Day'
  | 'Professional Development'
  | 'Teacher Day';

/** One school's days from the first to the last day of the school year. */
export type Calendar = { readonly first: Day; readonly dayTypes: readonly DayType[] };

/** Three calendars: 180 days in session, 178 (late start) and 182 (charter) in the default school year. */
export type CalendarName = 'standard' | 'late-start' | 'charter';

/** The last two weekdays of the year are for teachers, so no day in session lies after the snapshot. */
const TEACHER_DAYS = 2;

export function schoolYear(dates: { start: Day; end: Day }, night: number): SchoolYear {
  let last = dates.end;
  for (let left = TEACHER_DAYS; left > 0; last -= 1) if (!isWeekend(last)) left -= 1;
  while (isWeekend(last)) last -= 1;
  return { ...dates, lastDay: last, snapshot: last + night - 1 };
}

export function calendarsFor(year: SchoolYear, streams: Streams): ReadonlyMap<CalendarName, Calendar> {
  const snow = snowDays(year, streams);
  const names: readonly CalendarName[] = ['standard', 'late-start', 'charter'];
  return new Map(names.map((name) => [name, calendar(name, year, snow)]));
}

export function dayType(calendar: Calendar, day: Day): DayType | undefined {
  return calendar.dayTypes[day - calendar.first];
}

export const inSession = (calendar: Calendar, day: Day): boolean => dayType(calendar, day) === 'School Day';

export function daysInSession(calendar: Calendar): Day[] {
  const days: Day[] = [];
  for (const [offset, type] of calendar.dayTypes.entries()) {
    if (type === 'School Day') days.push(calendar.first + offset);
  }
  return days;
}

function calendar(name: CalendarName, year: SchoolYear, snow: readonly Day[]): Calendar {
  const closed = closures(name, year, snow);
  const dayTypes: DayType[] = [];
  for (let day = year.start; day <= year.end; day += 1) {
    dayTypes.push(closed.get(day) ?? (isWeekend(day) ? 'Weekend' : 'School Day'));
  }
  return { first: year.start, dayTypes };
}

/** Later entries win: a weekend stays a weekend, a snow day is named as such. */
function closures(name: CalendarName, year: SchoolYear, snow: readonly Day[]): Map<Day, DayType> {
  const entries: [Day, DayType][] = [];
  for (const day of snow) entries.push([day, 'Snow Day']);
  for (let day = year.end, left = TEACHER_DAYS; left > 0; day -= 1) {
    if (isWeekend(day)) continue;
    entries.push([day, 'Teacher Day']);
    left -= 1;
  }
  entries.push(...ownClosures(name, year), ...vacations(year), ...holidays(year));
  return new Map(entries.filter(([day]) => !isWeekend(day)));
}

function ownClosures(name: CalendarName, year: SchoolYear): [Day, DayType][] {
  const autumn = parts(year.start).year;
  if (name === 'charter') return [];
  const electionDay: [Day, DayType] = [
    nthWeekday({ year: autumn, month: 11 }, 1, 1) + 1,
    'Professional Development',
  ];
  if (name === 'standard') return [electionDay, [thanksgiving(autumn) - 1, 'Vacation']];
  const late: [Day, DayType][] = [];
  for (let day = year.start; day < laborDay(autumn); day += 1) late.push([day, 'Professional Development']);
  return [electionDay, ...late];
}

function vacations(year: SchoolYear): [Day, DayType][] {
  const autumn = parts(year.start).year;
  const february = nthWeekday({ year: autumn + 1, month: 2 }, 1, 3);
  const april = nthWeekday({ year: autumn + 1, month: 4 }, 1, 3);
  return [
    ...run(dayFrom(autumn, 12, 24), dayFrom(autumn + 1, 1, 2)),
    ...run(february, february + 4),
    ...run(april, april + 4),
  ];
}

function run(from: Day, to: Day): [Day, DayType][] {
  return Array.from({ length: to - from + 1 }, (_, offset) => [from + offset, 'Vacation']);
}

function holidays(year: SchoolYear): [Day, DayType][] {
  const autumn = parts(year.start).year;
  const spring = autumn + 1;
  const days = [
    laborDay(autumn),
    nthWeekday({ year: autumn, month: 10 }, 1, 2),
    dayFrom(autumn, 11, 11),
    thanksgiving(autumn),
    thanksgiving(autumn) + 1,
    dayFrom(autumn, 12, 25),
    dayFrom(spring, 1, 1),
    nthWeekday({ year: spring, month: 1 }, 1, 3),
    nthWeekday({ year: spring, month: 2 }, 1, 3),
    nthWeekday({ year: spring, month: 4 }, 1, 3),
    nthWeekday({ year: spring, month: 5 }, 1, -1),
  ];
  return days.map((day) => [day, 'Holiday']);
}

const laborDay = (year: number): Day => nthWeekday({ year, month: 9 }, 1, 1);
const thanksgiving = (year: number): Day => nthWeekday({ year, month: 11 }, 4, 4);

/** Two weekdays between 5 January and 13 March, clear of the holidays and vacation. */
function snowDays(year: SchoolYear, streams: Streams): Day[] {
  const spring = parts(year.start).year + 1;
  const taken = new Set([...vacations(year), ...holidays(year)].map(([day]) => day));
  const rng = streams('snow');
  const chosen = new Set<Day>();
  while (chosen.size < 2) {
    const day = dayFrom(spring, 1, 5) + rng.below(68);
    if (!isWeekend(day) && !taken.has(day)) chosen.add(day);
  }
  return [...chosen].sort((left, right) => left - right);
}
