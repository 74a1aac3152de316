import type { Calendar } from '../calendar/school-year.js';
import { CHARTER } from '../schooling/schools.js';
import type { City } from './city.js';

/** The calendar each school keeps, by school code. */
export function calendarBySchool(city: Pick<City, 'schools' | 'calendars'>): ReadonlyMap<string, Calendar> {
  return new Map([...city.schools, CHARTER].map(({ code, calendar }) => [code, named(city, calendar)]));
}

function named(city: Pick<City, 'calendars'>, name: 'standard' | 'late-start' | 'charter'): Calendar {
  const calendar = city.calendars.get(name);
  if (calendar === undefined) throw new RangeError('calendars: expected one of each name');
  return calendar;
}
