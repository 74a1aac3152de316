import { type Day, weekdayFrom } from '../calendar/days.js';
import type { SchoolYear } from '../calendar/school-year.js';
import { type Child, isCanary } from '../people/child.js';
import { patientNumber } from '../people/numbers.js';
import type { Rng, Streams } from '../random/streams.js';

export type Encounter = {
  readonly day: Day;
  /** Minutes after midnight. */
  readonly minute: number;
  readonly type: string;
  readonly minorConsent: boolean;
};

/** One chart of the community health centre. A child registered twice has two. */
export type Patient = {
  readonly mrn: string;
  readonly child: Child;
  readonly chart: number;
  readonly encounters: readonly Encounter[];
};

const SHARE_PATIENTS = 0.2;
const SHARE_TWO_CHARTS = 0.012;
const VISITS = ['WCC', 'WCC', 'SICK', 'SICK', 'IMM', 'DENTAL', 'BH', 'ASTHMA'];
const CONFIDENTIAL_VISITS = ['BH', 'REPRO', 'STI'];
/** Massachusetts lets minors consent to some care by themselves; the visits show it from this age. */
const MINOR_CONSENT_AGE = 13;

/** In the order of their numbers. */
export function patientsOf(
  children: readonly Child[],
  about: { streams: Streams; year: SchoolYear },
): Patient[] {
  const patients = children.flatMap((child) => {
    const rng = about.streams('clinic', child.index);
    if (!rng.chance(SHARE_PATIENTS) && !isCanary(child)) return [];
    const charts = !isCanary(child) && rng.chance(SHARE_TWO_CHARTS) ? [0, 1] : [0];
    return charts.map((chart) => ({
      mrn: isCanary(child)
        ? `99${child.localId || child.charterNumber.slice(1)}`
        : patientNumber(about.streams, child.index, chart),
      child,
      chart,
      encounters: someEncounters(rng, child, about.year),
    }));
  });
  return patients.sort((left, right) => (left.mrn < right.mrn ? -1 : 1));
}

function someEncounters(rng: Rng, child: Child, year: SchoolYear): Encounter[] {
  const count = rng.between(1, 3);
  const encounters = Array.from({ length: count }, () => {
    const day = weekdayFrom(rng.between(year.start - 60, year.lastDay - 2));
    const alone = day - child.birth > MINOR_CONSENT_AGE * 365.25 && rng.chance(0.15);
    return {
      day,
      minute: rng.between(16, 37) * 30 + rng.below(4) * 5,
      type: rng.pick(alone ? CONFIDENTIAL_VISITS : VISITS),
      minorConsent: alone,
    };
  });
  return encounters.sort((left, right) => left.day - right.day || left.minute - right.minute);
}
