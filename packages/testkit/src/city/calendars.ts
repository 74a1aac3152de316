import type { Calendar, CalendarName } from '../calendar/school-year.js';
import { CHARTER } from '../schooling/schools.js';
import type { City } from './city.js';

/** The calendar each school keeps, by school code. */
export function calendarBySchool(city: Pick<City, 'schools' | 'calendars'>): ReadonlyMap<string, Calendar> {
  return new Map(
    [...city.schools, CHARTER].map(({ code, calendar }) => [code, calendarNamed(city, calendar)]),
  );
}

export function calendarNamed(city: Pick<City, 'calendars'>, name: CalendarName): Calendar {
  const calendar = city.calendars.get(name);
  if (calendar === undefined) throw new RangeError('calendars: expected one of each name');
  return calendar;
}
