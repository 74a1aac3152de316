import type { Calendar, CalendarName, SchoolYear } from '../calendar/school-year.js';
import type { Patient } from '../health/clinic.js';
import type { Screening } from '../health/vision.js';
import type { Child } from '../people/child.js';
import type { Participant } from '../programmes/afterschool.js';
import type { Plan } from '../programmes/plans.js';
import type { Registration } from '../programmes/recreation.js';
import type { Streams } from '../random/streams.js';
import type { School } from '../schooling/schools.js';

/**
 * A whole synthetic city: the true people, where they went to school, and who registered them elsewhere.
 * What each partner wrote down is derived from it, row by row, when an extract is written.
 */
export type City = {
  readonly streams: Streams;
  readonly night: number;
  readonly canaries: boolean;
  readonly year: SchoolYear;
  readonly calendars: ReadonlyMap<CalendarName, Calendar>;
  /** The district's; the charter is one more, `CHARTER`. */
  readonly schools: readonly School[];
  readonly children: readonly Child[];
  readonly participants: readonly Participant[];
  readonly registrations: readonly Registration[];
  readonly plans: readonly Plan[];
  readonly patients: readonly Patient[];
  readonly screenings: readonly Screening[];
};
