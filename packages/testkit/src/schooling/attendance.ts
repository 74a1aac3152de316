import { type Day, isWeekend } from '../calendar/days.js';
import { type Calendar, inSession } from '../calendar/school-year.js';
import type { Child } from '../people/child.js';
import type { Rng, Streams } from '../random/streams.js';
import type { Span } from './span.js';

/** What an attendance clerk recorded. A tardy or dismissed child was there. */
export type AttendanceEvent = {
  readonly day: Day;
  readonly kind: 'absent' | 'tardy' | 'dismissed';
  /** Uniform in [0, 1); the other cells follow from it, so that an exact repeat is exact. */
  readonly detail: number;
};

const SHARE_ABSENT_AGAIN = 0.35;
const SHARE_TARDY = 0.007;
const SHARE_DISMISSED = 0.003;

/**
 * Everything recorded for one enrolment, in order of date, also what cannot count: marks on a holiday,
 * before entry and after exit, exact repeats, and two marks on one day.
 */
export function eventsOf(
  child: Child,
  position: number,
  context: { streams: Streams; calendar: Calendar; snapshot: Day },
): AttendanceEvent[] {
  const span = child.spans[position];
  if (span === undefined || span.noShow) return [];
  const rng = context.streams('attendance', child.index, position);
  const days = membershipDays(span, context);
  const events =
    span.absences === null ? byChance(rng, child, { days, span }) : exactly(rng, days, span.absences);
  const strays = child.trap === '' ? strayEvents(rng, { child, span, events, ...context }) : [];
  return [...events, ...strays].sort((left, right) => left.day - right.day);
}

/** The days in session from entry to exit, both inclusive, up to the snapshot. */
export function membershipDays(span: Span, context: { calendar: Calendar; snapshot: Day }): Day[] {
  const days: Day[] = [];
  for (let day = span.entry; day <= Math.min(span.exit ?? context.snapshot, context.snapshot); day += 1) {
    if (inSession(context.calendar, day)) days.push(day);
  }
  return days;
}

/** Absences come in runs: a child away yesterday is more likely to be away today. */
function byChance(
  rng: Rng,
  child: Child,
  { days, span }: { days: readonly Day[]; span: Span },
): AttendanceEvent[] {
  const begins = (child.absenceRate * (1 - SHARE_ABSENT_AGAIN)) / (1 - child.absenceRate);
  const events: AttendanceEvent[] = [];
  let away = false;
  for (const day of days) {
    const draw = rng.next();
    away = (span.goneFrom !== null && day >= span.goneFrom) || draw < (away ? SHARE_ABSENT_AGAIN : begins);
    const kind = away ? 'absent' : presentKind(draw);
    if (kind !== 'present') events.push({ day, kind, detail: rng.next() });
  }
  return events;
}

function presentKind(draw: number): 'tardy' | 'dismissed' | 'present' {
  if (draw > 1 - SHARE_TARDY) return 'tardy';
  return draw > 1 - SHARE_TARDY - SHARE_DISMISSED ? 'dismissed' : 'present';
}

function exactly(rng: Rng, days: readonly Day[], count: number): AttendanceEvent[] {
  const left = [...days];
  const chosen: AttendanceEvent[] = [];
  while (chosen.length < count && left.length > 0) {
    for (const day of left.splice(rng.below(left.length), 1)) chosen.push(absence(rng, day));
  }
  return chosen;
}

/** Clerks' slips, each at about one enrolment in two hundred. */
function strayEvents(rng: Rng, about: Slip): AttendanceEvent[] {
  const strays: AttendanceEvent[] = [...outsideDays(rng, about)];
  if (rng.chance(0.005)) strays.push(...closedDay(rng, about));
  for (const event of about.events) {
    if (rng.chance(0.001)) strays.push(event);
    if (rng.chance(0.001) && event.kind === 'absent')
      strays.push({ day: event.day, kind: 'tardy', detail: rng.next() });
  }
  return strays;
}

type Slip = {
  readonly child: Child;
  readonly span: Span;
  readonly events: readonly AttendanceEvent[];
  readonly calendar: Calendar;
  readonly snapshot: Day;
};

/** Marks on the day before entry and the day after exit, unless the child was then enrolled elsewhere. */
function outsideDays(rng: Rng, { child, span, calendar }: Slip): AttendanceEvent[] {
  const days: Day[] = [];
  if (rng.chance(0.1) && span.entry > calendar.first + 30) days.push(dayOutside(span.entry, -1));
  if (rng.chance(0.3) && span.exit !== null) days.push(dayOutside(span.exit, 1));
  const enrolled = (day: Day) =>
    child.spans.some((each) => each.entry <= day && (each.exit === null || day <= each.exit));
  return days.filter((day) => !enrolled(day)).map((day) => absence(rng, day));
}

/** A mark on a day in the enrolment on which the school was shut. */
function closedDay(rng: Rng, { span, calendar, snapshot }: Slip): AttendanceEvent[] {
  const from = Math.max(span.entry, calendar.first);
  const until = span.exit ?? snapshot;
  for (let day = from + rng.below(60); day <= until; day += 1) {
    if (!isWeekend(day) && !inSession(calendar, day)) return [absence(rng, day)];
  }
  return [];
}

const absence = (rng: Rng, day: Day): AttendanceEvent => ({ day, kind: 'absent', detail: rng.next() });

function dayOutside(day: Day, step: 1 | -1): Day {
  let outside = day + step;
  while (isWeekend(outside)) outside += step;
  return outside;
}
