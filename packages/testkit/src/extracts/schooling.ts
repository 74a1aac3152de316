import { calendarBySchool } from '../city/calendars.js';
import type { City } from '../city/city.js';
import type { Child } from '../people/child.js';
import { type AttendanceEvent, eventsOf } from '../schooling/attendance.js';
import type { SchoolSystem, Span } from '../schooling/span.js';

/** A child's standing in a system on the evening of the snapshot. */
export type Standing = 'Active' | 'Inactive' | 'Transferred';

const EXITS_TO_OTHER_SCHOOLS: readonly string[] = ['20', '22'];

/** The children a system ever enrolled, in the order of its own numbers. */
export function rollOf(city: City, system: SchoolSystem): Child[] {
  const number = (child: Child) => (system === 'district' ? child.localId : child.charterNumber);
  const enrolled = city.children.filter((child) => number(child) !== '');
  return enrolled.sort((left, right) => (number(left) < number(right) ? -1 : 1));
}

export function spansIn(child: Child, system: SchoolSystem): Span[] {
  return child.spans.filter((span) => span.system === system);
}

export function standing(child: Child, system: SchoolSystem): Standing {
  const spans = spansIn(child, system);
  if (spans.some((span) => span.exit === null && !span.noShow)) return 'Active';
  const last = spans.at(-1);
  return last !== undefined && EXITS_TO_OTHER_SCHOOLS.includes(last.exitCode) ? 'Transferred' : 'Inactive';
}

export type Recorded = { readonly span: Span; readonly event: AttendanceEvent };

/** Everything a system recorded about a child's days, enrolment by enrolment. */
export function recorder(city: City): (child: Child, system: SchoolSystem) => Recorded[] {
  const calendars = calendarBySchool(city);
  return (child, system) =>
    child.spans.flatMap((span, position) => {
      const calendar = calendars.get(span.school);
      if (span.system !== system || calendar === undefined) return [];
      const about = { streams: city.streams, calendar, snapshot: city.year.snapshot };
      return eventsOf(child, position, about).map((event) => ({ span, event }));
    });
}

/** The district's export shows absences of children active on the snapshot only; the charter's shows all. */
export const absencesExported = (child: Child, system: SchoolSystem): boolean =>
  system === 'charter' || standing(child, system) === 'Active';
