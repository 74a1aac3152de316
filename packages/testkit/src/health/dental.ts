import { type Day, weekdayFrom } from '../calendar/days.js';
import type { SchoolYear } from '../calendar/school-year.js';
import type { Streams } from '../random/streams.js';
import type { Patient } from './clinic.js';

export type DentalVisit = {
  readonly mrn: string;
  readonly day: Day;
  readonly completed: boolean;
  readonly decay: boolean;
  readonly sealants: boolean;
  readonly urgent: boolean;
  /** Null where nobody wrote down what became of the referral. */
  readonly closed: boolean | null;
};

const SHARE_SEEN = 0.55;

/** Visits of the centre's own patients to its dental van. */
export function dentalVisitsOf(
  patients: readonly Patient[],
  { streams, year }: { readonly streams: Streams; readonly year: SchoolYear },
): readonly DentalVisit[] {
  return patients.flatMap(({ mrn, child, chart }) => {
    const rng = streams('dental', child.index, chart);
    if (!rng.chance(SHARE_SEEN)) return [];
    const completed = rng.chance(0.9);
    const decay = completed && rng.chance(0.24);
    const urgent = decay && rng.chance(0.45);
    return [
      {
        mrn,
        day: weekdayFrom(year.start + rng.between(30, 270)),
        completed,
        decay,
        sealants: completed && rng.chance(0.35),
        urgent,
        closed: urgent && rng.chance(0.1) ? null : urgent && rng.chance(0.7),
      },
    ];
  });
}
