import type { Day } from '../calendar/days.js';
import { type Calendar, daysInSession } from '../calendar/school-year.js';
import type { Child } from '../people/child.js';
import { CHARTER, type School } from '../schooling/schools.js';
import type { Span } from '../schooling/span.js';

/**
 * Children placed where measures go wrong. `daysEnrolled` counts back from the last day in session; null is
 * the whole year. Each is laid over a child who would otherwise have stayed all year in one district school.
 */
type Trap = {
  readonly name: string;
  readonly daysEnrolled: number | null;
  readonly absences: (membershipDays: number) => number;
};

/** The fewest absences that make a tenth, compared in whole numbers: 18 of 180, 1 of 9. */
const atTenth = (days: number): number => Math.ceil(days / 10);
const belowTenth = (days: number): number => atTenth(days) - 1;

const EXACT: readonly Trap[] = [
  { name: 'tenth-of-the-year', daysEnrolled: null, absences: atTenth },
  { name: 'tenth-of-the-year', daysEnrolled: null, absences: atTenth },
  { name: 'one-short-of-a-tenth', daysEnrolled: null, absences: belowTenth },
  { name: 'never-absent', daysEnrolled: null, absences: () => 0 },
  { name: 'five-of-fifty', daysEnrolled: 50, absences: atTenth },
  { name: 'five-of-fifty', daysEnrolled: 50, absences: atTenth },
  { name: 'four-of-fifty', daysEnrolled: 50, absences: belowTenth },
  { name: 'nine-days', daysEnrolled: 9, absences: atTenth },
  { name: 'ten-days', daysEnrolled: 10, absences: atTenth },
  { name: 'nineteen-days', daysEnrolled: 19, absences: atTenth },
  { name: 'twenty-days', daysEnrolled: 20, absences: atTenth },
  { name: 'twenty-days-one-absence', daysEnrolled: 20, absences: belowTenth },
];

const TRANSFERS = [
  'left-unexported',
  'district-to-charter',
  'charter-to-district',
  'charter-district-overlap',
] as const;

/** Lays the traps over the first children they fit, in order; a very small city holds only the first few. */
export function withTraps(
  children: readonly Child[],
  about: { schools: readonly School[]; calendar: Calendar; charterNumber: (index: number) => string },
): Child[] {
  const standard = about.schools.filter(({ calendar }) => calendar === 'standard').map(({ code }) => code);
  const days = daysInSession(about.calendar);
  const placed = [...children];
  const free = children.filter((child) => isPlain(child, standard));
  for (const [position, child] of free.slice(0, EXACT.length + 2 * TRANSFERS.length).entries()) {
    placed[child.index] = trapped(child, position, { days, charterNumber: about.charterNumber(child.index) });
  }
  return placed;
}

/** Grades 1 to 8 in one school on the standard calendar, all year, and no twin or opt-out to confuse matters. */
function isPlain(
  { spans, grade, twinGroup, optedOutOn, stateId }: Child,
  schools: readonly string[],
): boolean {
  const [span] = spans;
  return (
    span !== undefined &&
    spans.length === 1 &&
    span.exit === null &&
    grade >= 1 &&
    grade <= 8 &&
    twinGroup === '' &&
    optedOutOn === null &&
    stateId !== '' &&
    schools.includes(span.school)
  );
}

function trapped(
  child: Child,
  position: number,
  about: { days: readonly Day[]; charterNumber: string },
): Child {
  const [span] = child.spans;
  if (span === undefined) return child;
  const exact = EXACT[position];
  if (exact !== undefined) return { ...child, trap: exact.name, spans: [exactSpan(span, exact, about.days)] };
  const name = TRANSFERS[(position - EXACT.length) % TRANSFERS.length] ?? 'left-unexported';
  const spans = transferSpans(span, name, about.days);
  const charter = spans.some(({ system }) => system === 'charter');
  return { ...child, trap: name, spans, charterNumber: charter ? about.charterNumber : '' };
}

function exactSpan(span: Span, { daysEnrolled, absences }: Trap, days: readonly Day[]): Span {
  const counted = daysEnrolled ?? days.length;
  return { ...span, entry: days[days.length - counted] ?? span.entry, absences: absences(counted) };
}

function transferSpans(district: Span, name: (typeof TRANSFERS)[number], days: readonly Day[]): Span[] {
  const on = (index: number) => days[index] ?? district.entry;
  const charter: Span = { ...district, system: 'charter', school: CHARTER.code };
  const leaving = (span: Span, index: number): Span => ({ ...span, exit: on(index), exitCode: '20' });
  switch (name) {
    case 'left-unexported':
      return [leaving(district, 99)];
    case 'district-to-charter':
      return [leaving(district, 89), { ...charter, entry: on(90) }];
    case 'charter-to-district':
      return [leaving(charter, 89), { ...district, entry: on(90) }];
    case 'charter-district-overlap':
      return [
        { ...leaving(charter, 94), goneFrom: on(90) },
        { ...district, entry: on(90) },
      ];
  }
}
