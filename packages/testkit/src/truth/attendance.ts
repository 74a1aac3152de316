import type { Day } from '../calendar/days.js';
import type { Calendar } from '../calendar/school-year.js';
import { inSession } from '../calendar/school-year.js';
import { calendarBySchool } from '../city/calendars.js';
import type { City } from '../city/city.js';
import type { Row } from '../extracts/row.js';
import { absencesExported, type Recorded, recorder } from '../extracts/schooling.js';
import type { Child } from '../people/child.js';
import type { Span } from '../schooling/span.js';

export type TrueAttendance = {
  readonly membershipDays: number;
  /** Days the child was marked absent anywhere, exported or not. */
  readonly absentDays: number;
  /** unknown: some membership lies in an enrolment whose absences are not exported. none: no membership. */
  readonly status: 'known' | 'unknown' | 'none';
};

/** A slow and obvious count: each child, each day of the year up to the snapshot, each enrolment. */
export function* trueAttendance(city: City): Generator<Row> {
  yield ['child_id', 'membership_days', 'absent_days', 'status'];
  const calendars = calendarBySchool(city);
  const recorded = recorder(city);
  for (const child of city.children) {
    const events = [...recorded(child, 'district'), ...recorded(child, 'charter')];
    const { membershipDays, absentDays, status } = walked(child, { events, calendars, city });
    yield [child.id, String(membershipDays), String(absentDays), status];
  }
}

type Ground = {
  readonly events: readonly Recorded[];
  readonly calendars: ReadonlyMap<string, Calendar>;
  readonly city: City;
};

function walked(child: Child, { events, calendars, city }: Ground): TrueAttendance {
  const absent = new Set(events.filter(({ event }) => event.kind === 'absent').map(({ event }) => event.day));
  let membershipDays = 0;
  let absentDays = 0;
  let unseen = 0;
  for (let day = city.year.start; day <= city.year.snapshot; day += 1) {
    const enrolments = child.spans.filter((span) => isMember(span, day, calendars.get(span.school)));
    if (enrolments.length === 0) continue;
    membershipDays += 1;
    if (absent.has(day)) absentDays += 1;
    if (enrolments.some((span) => !absencesExported(child, span.system))) unseen += 1;
  }
  const status = membershipDays === 0 ? 'none' : unseen > 0 ? 'unknown' : 'known';
  return { membershipDays, absentDays, status };
}

function isMember(span: Span, day: Day, calendar: Calendar | undefined): boolean {
  if (span.noShow || calendar === undefined) return false;
  return span.entry <= day && (span.exit === null || day <= span.exit) && inSession(calendar, day);
}
