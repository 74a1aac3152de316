import { type Day, dayFrom, parts } from '../calendar/days.js';
import type { SchoolYear } from '../calendar/school-year.js';
import type { Rng } from '../random/streams.js';
import { sampler } from '../random/weighted.js';

export const PRE_KINDERGARTEN = -1;
export const LAST_GRADE = 12;

/** Born together share `born`; `together` is how many. */
export type Birth = { readonly grade: number; readonly birth: Day; readonly together: 1 | 2 };

const BIRTHS_PER_HOUSEHOLD = sampler<number>([
  [1, 0.54],
  [2, 0.32],
  [3, 0.11],
  [4, 0.03],
]);
const SHARE_TWINS = 0.016;
const SHARE_RETAINED = 0.03;

/** The school-aged births of one household, oldest last, no two closer than ten months. */
export function someBirths(rng: Rng, year: SchoolYear): Birth[] {
  const count = BIRTHS_PER_HOUSEHOLD(rng);
  const season = rng.between(40, 325);
  const grades = new Set<number>();
  while (grades.size < count) grades.add(someGrade(rng));
  const retained = (grade: number) => rng.chance(SHARE_RETAINED) && !grades.has(grade + 1);
  return [...grades]
    .sort((left, right) => left - right)
    .map((grade) => ({
      grade,
      birth: birthFor(grade, season + rng.between(-28, 28), year) - (retained(grade) ? 365 : 0),
      together: rng.chance(SHARE_TWINS) ? 2 : 1,
    }));
}

/** Pre-kindergarten has half the places of any other grade. */
function someGrade(rng: Rng): number {
  const grade = rng.between(PRE_KINDERGARTEN, LAST_GRADE);
  return grade === PRE_KINDERGARTEN && rng.chance(0.5) ? rng.between(0, LAST_GRADE) : grade;
}

/** A child enters kindergarten in the autumn after turning five by 31 August. */
function birthFor(grade: number, dayOfSchoolYear: number, year: SchoolYear): Day {
  return dayFrom(parts(year.start).year - 6 - grade, 9, 1) + Math.min(364, Math.max(0, dayOfSchoolYear));
}
