import { type Day, weekdayFrom } from '../calendar/days.js';
import type { SchoolYear } from '../calendar/school-year.js';
import { type Child, isCanary } from '../people/child.js';
import type { Streams } from '../random/streams.js';

type Ground = { readonly streams: Streams; readonly year: SchoolYear };

/** One out-of-school or in-school suspension. */
export type Suspension = { readonly day: Day; readonly days: number; readonly inSchool: boolean };

const SHARE_SUSPENDED = 0.035;

/** Few children, and those often more than once. */
export function suspensionsOf(child: Child, { streams, year }: Ground): readonly Suspension[] {
  const rng = streams('suspension', child.index);
  const [span] = child.spans;
  if (span === undefined || span.noShow || child.grade < 3 || !rng.chance(SHARE_SUSPENDED)) return [];
  return Array.from({ length: rng.between(1, 3) }, () => ({
    day: weekdayFrom(rng.between(Math.max(span.entry, year.start), (span.exit ?? year.lastDay) - 3)),
    days: rng.between(1, 5),
    inSchool: rng.chance(0.3),
  })).sort((left, right) => left.day - right.day);
}

export type Readiness = { readonly day: Day; readonly ready: boolean | null };

/** Kindergartners who were there in autumn; a few results are lost. */
export function readinessOf(child: Child, { streams, year }: Ground): Readiness | null {
  const rng = streams('readiness', child.index);
  const present = child.spans.some(({ entry, noShow }) => !noShow && entry <= year.start + 60);
  if (child.grade !== 0 || !present || !rng.chance(0.93)) return null;
  const likely = child.household.meals === 'not_eligible' ? 0.62 : 0.44;
  return {
    day: weekdayFrom(year.start + rng.between(14, 60)),
    ready: rng.chance(0.02) ? null : rng.chance(likely),
  };
}

export type EarlyYears = { readonly from: Day; readonly until: Day; readonly subsidised: boolean };

/** Where kindergartners were the year before. */
export function earlyYearsOf(child: Child, { streams, year }: Ground): EarlyYears | null {
  const rng = streams('early-years', child.index);
  if (child.grade !== 0 || child.spans.length === 0 || !rng.chance(0.57)) return null;
  const poor = child.household.meals !== 'not_eligible';
  return { from: year.start - 358, until: year.start - 74, subsidised: rng.chance(poor ? 0.7 : 0.08) };
}

export type AidForm = { readonly day: Day; readonly status: 'Submitted' | 'Rejected' | 'Completed' };

/** Forms of a senior, first to last: many are rejected once. */
export function aidFormsOf(child: Child, { streams, year }: Ground): readonly AidForm[] {
  const rng = streams('aid', child.index);
  if (child.grade !== 12 || (!rng.chance(0.66) && !isCanary(child))) return [];
  const day = weekdayFrom(year.start + rng.between(60, 250));
  const last = rng.chance(0.82) ? 'Completed' : rng.pick(['Submitted', 'Rejected'] as const);
  const form = { day, status: last } as const;
  return rng.chance(0.2) ? [{ day: day - rng.between(5, 20), status: 'Rejected' }, form] : [form];
}

export type CohortOutcome = 'Graduated' | 'Still Enrolled' | 'Dropped Out' | 'Transferred Out' | '';

/** What became of a senior by the end of the year. */
export function cohortOutcomeOf(child: Child, { streams }: Ground): CohortOutcome | null {
  const rng = streams('cohort', child.index);
  const last = child.spans.at(-1);
  if (child.grade !== 12 || last === undefined) return null;
  if (last.exit !== null || last.noShow) return rng.chance(0.6) ? 'Transferred Out' : 'Dropped Out';
  return rng.chance(0.88) ? 'Graduated' : rng.chance(0.9) ? 'Still Enrolled' : '';
}

/** Whether the district's list of last summer has the child. */
export const hadSummerPlace = (child: Child, { streams }: Ground): boolean =>
  child.grade >= 1 && child.grade <= 9 && streams('last-summer', child.index).chance(0.06);
