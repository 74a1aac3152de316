import { type Day, isWeekend, weekdayFrom } from '../calendar/days.js';
import type { SchoolYear } from '../calendar/school-year.js';
import type { Rng } from '../random/streams.js';
import { type Sampler, sampler } from '../random/weighted.js';
import { bandOf, CHARTER, type School, schoolFor } from './schools.js';
import type { SchoolSystem, Span } from './span.js';

/** How a child's school year went. */
export type Journey =
  | 'stayed'
  | 'arrived'
  | 'left'
  | 'changed-school'
  | 'changed-school-overlapping'
  | 'to-charter'
  | 'from-charter'
  | 'from-charter-overlapping'
  | 'no-show'
  | 'no-show-then-enrolled'
  | 'left-and-returned';

export type Path = {
  readonly journey: Journey;
  readonly grade: number;
  readonly zone: number;
  readonly system: SchoolSystem;
  readonly year: SchoolYear;
  readonly schools: readonly School[];
};

const DISTRICT_JOURNEYS: Sampler<Journey> = sampler([
  ['stayed', 868],
  ['arrived', 38],
  ['left', 36],
  ['changed-school', 22],
  ['changed-school-overlapping', 4],
  ['to-charter', 7],
  ['from-charter', 7],
  ['from-charter-overlapping', 2],
  ['no-show', 8],
  ['no-show-then-enrolled', 3],
  ['left-and-returned', 5],
]);

const CHARTER_JOURNEYS: Sampler<Journey> = sampler([
  ['stayed', 90],
  ['arrived', 4],
  ['left', 4],
  ['no-show', 2],
]);

const LAST_CHARTER_GRADE = 8;

/** The charter teaches kindergarten to grade 8; its other children sit in the district. */
export function someJourney(
  rng: Rng,
  wanted: SchoolSystem,
  grade: number,
): { system: SchoolSystem; journey: Journey } {
  const offered = grade >= 0 && grade <= LAST_CHARTER_GRADE;
  if (wanted === 'charter' && offered) return { system: 'charter', journey: CHARTER_JOURNEYS(rng) };
  const journey = DISTRICT_JOURNEYS(rng);
  return { system: 'district', journey: journey.includes('charter') && !offered ? 'stayed' : journey };
}

/** The enrolments a journey leaves behind, in the order they began. */
export function spansOf(rng: Rng, path: Path): Span[] {
  const home = span(path, homeSchool(path));
  const turn = schoolDay(rng, path.year);
  const other = otherSchool(path);
  switch (path.journey) {
    case 'stayed':
      return [home];
    case 'arrived':
      return [{ ...home, entry: turn }];
    case 'left':
      return [closed(home, turn, rng.pick(['20', '22', '22', '23']))];
    case 'changed-school':
      return other === undefined ? [home] : moved(home, span(path, other), { turn, overlap: 0 });
    case 'changed-school-overlapping':
      return other === undefined
        ? [home]
        : moved(home, span(path, other), { turn, overlap: rng.between(2, 8) });
    case 'to-charter':
      return moved(home, span(path, CHARTER), { turn, overlap: 0 });
    case 'from-charter':
      return moved(span(path, CHARTER), home, { turn, overlap: 0 });
    case 'from-charter-overlapping':
      return moved(span(path, CHARTER), home, { turn, overlap: rng.between(3, 7) });
    case 'no-show':
      return [unseen(home)];
    case 'no-show-then-enrolled':
      return [
        unseen(home),
        { ...(other === undefined ? home : span(path, other)), entry: path.year.start + 12 },
      ];
    case 'left-and-returned':
      return [closed(home, turn, '20'), { ...home, entry: weekdayFrom(turn + rng.between(21, 40)) }];
  }
}

function homeSchool({ system, schools, grade, zone }: Path): School {
  return system === 'charter' ? CHARTER : schoolFor(schools, grade, zone);
}

/** Another school of the same grades, or undefined where the city has one only. */
function otherSchool({ schools, grade, zone }: Path): School | undefined {
  const home = schoolFor(schools, grade, zone);
  const band = schools.filter((each) => each.band === bandOf(grade) && each.calendar === home.calendar);
  const index = band.indexOf(home);
  return band.length < 2 ? undefined : band[(index + 1) % band.length];
}

function span({ grade, year }: Path, school: School): Span {
  return {
    system: school === CHARTER ? 'charter' : 'district',
    school: school.code,
    grade,
    entry: year.start,
    exit: null,
    exitCode: '',
    noShow: false,
    goneFrom: null,
    absences: null,
  };
}

const closed = (open: Span, exit: Day, exitCode: string): Span => ({ ...open, exit, exitCode });

const unseen = (open: Span): Span => ({ ...open, exit: open.entry, exitCode: '30', noShow: true });

/** Leaves one school as the other begins; an overlap is the days the first noticed late. */
function moved(from: Span, to: Span, when: { turn: Day; overlap: number }): Span[] {
  const { turn, overlap } = when;
  const exit = overlap === 0 ? weekdayBefore(turn) : weekdayFrom(turn + overlap);
  return [
    { ...closed(from, exit, '20'), goneFrom: overlap === 0 ? null : turn },
    { ...to, entry: turn },
  ];
}

/** A weekday from five weeks into the year to eight weeks before its end. */
function schoolDay(rng: Rng, year: SchoolYear): Day {
  return weekdayFrom(rng.between(year.start + 35, year.end - 56));
}

function weekdayBefore(day: Day): Day {
  let moved = day - 1;
  while (isWeekend(moved)) moved -= 1;
  return moved;
}
