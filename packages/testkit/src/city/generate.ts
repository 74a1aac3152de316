import { dayOf } from '../calendar/days.js';
import { calendarsFor, schoolYear } from '../calendar/school-year.js';
import { patientsOf } from '../health/clinic.js';
import { screeningsOf } from '../health/vision.js';
import type { Child } from '../people/child.js';
import { nameBook } from '../people/name-book.js';
import type { NameTables } from '../people/name-tables.js';
import { charterNumber, MOST_CHILDREN } from '../people/numbers.js';
import { participantsOf, sitesFor } from '../programmes/afterschool.js';
import { plansOf } from '../programmes/plans.js';
import { registrationsOf } from '../programmes/recreation.js';
import { streams as streamsOf } from '../random/streams.js';
import { districtSchools } from '../schooling/schools.js';
import { calendarNamed } from './calendars.js';
import { canaryChildren } from './canaries.js';
import type { City } from './city.js';
import { arrivals, type Ground, populate } from './populate.js';
import { withTraps } from './traps.js';

export type CityPlan = {
  readonly seed: number | string;
  /** Children on a school's roll at some time in the year; those of private schools come on top. */
  readonly students: number;
  readonly schoolYear?: { readonly start: string; readonly end: string };
  readonly canaries?: boolean;
  /** 1 is the first; each later night brings arrivals, corrections and new sessions. */
  readonly night?: number;
};

/** The city committed in fixtures/millbrook. */
export const MILLBROOK: CityPlan = { seed: 'millbrook', students: 2_850, canaries: true };

const DEFAULT_YEAR = { start: '2025-08-27', end: '2026-06-17' };
const SHARE_ARRIVING_PER_NIGHT = 0.001;

/** @throws RangeError when `students`, `night` or a date is out of range. */
export function plannedCity(plan: CityPlan, tables: NameTables): City {
  const night = wholeFrom('night', plan.night ?? 1, { least: 1, most: 60 });
  const students = wholeFrom('students', plan.students, { least: 40, most: MOST_CHILDREN });
  const streams = streamsOf(plan.seed);
  const dates = plan.schoolYear ?? DEFAULT_YEAR;
  const year = schoolYear({ start: dayOf(dates.start), end: dayOf(dates.end) }, night);
  const calendars = calendarsFor(year, streams);
  const schools = districtSchools(students);
  const ground: Ground = { streams, year, names: nameBook(tables), schools, students };
  const children = everyone(ground, { night, calendars, canaries: plan.canaries ?? false });
  const registered = { streams, year };
  return {
    streams,
    night,
    canaries: plan.canaries ?? false,
    year,
    calendars,
    schools,
    children,
    participants: participantsOf(children, { streams, sites: sitesFor(students) }),
    registrations: registrationsOf(children, registered),
    plans: plansOf(children, registered),
    patients: patientsOf(children, registered),
    screenings: screeningsOf(children, registered),
  };
}

function everyone(
  ground: Ground,
  about: { night: number; calendars: City['calendars']; canaries: boolean },
): Child[] {
  const calendar = calendarNamed(about, 'standard');
  const number = (index: number) => charterNumber(ground.streams, index);
  const children = withTraps(populate(ground), {
    schools: ground.schools,
    calendar,
    charterNumber: number,
  });
  const [school] = ground.schools;
  if (about.canaries && school !== undefined) {
    children.push(
      ...canaryChildren({ firstIndex: children.length, school: school.code, start: ground.year.start }),
    );
  }
  const wanted = Math.max(1, Math.round(ground.students * SHARE_ARRIVING_PER_NIGHT));
  for (let night = 2; night <= about.night; night += 1) {
    children.push(...arrivals(ground, { night, firstIndex: children.length, wanted }));
  }
  return children;
}

function wholeFrom(name: string, value: number, { least, most }: { least: number; most: number }): number {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new RangeError(`${name}: expected a whole number from ${least} to ${most}`);
  }
  return value;
}
