import type { Day } from '../calendar/days.js';
import type { SchoolYear } from '../calendar/school-year.js';
import { type Child, isCanary } from '../people/child.js';
import type { Streams } from '../random/streams.js';

/** One line of the roster of the city's summer camp. Parents register; nobody writes a birth date down. */
export type Registration = {
  readonly child: Child;
  readonly waiting: boolean;
  readonly enteredOn: Day;
};

const SHARE_REGISTERED = 0.045;
const SHARE_WAITING = 0.12;
const YOUNGEST_GRADE = 0;
const OLDEST_GRADE = 8;

/** In the order of registration. */
export function registrationsOf(
  children: readonly Child[],
  about: { streams: Streams; year: SchoolYear },
): Registration[] {
  const registrations: Registration[] = [];
  for (const child of children) {
    if (child.grade < YOUNGEST_GRADE || child.grade > OLDEST_GRADE) continue;
    const rng = about.streams('recreation', child.index);
    if (!rng.chance(SHARE_REGISTERED) && !isCanary(child)) continue;
    const enteredOn = about.year.lastDay - rng.between(1, 75);
    registrations.push({ child, waiting: rng.chance(SHARE_WAITING), enteredOn });
  }
  return registrations.sort(
    (left, right) => left.enteredOn - right.enteredOn || left.child.index - right.child.index,
  );
}

/** In whole years; a birth date typed into the future makes a newborn. */
export function ageOn(day: Day, birth: Day): number {
  return Math.max(0, Math.floor((day - birth) / 365.2425));
}
