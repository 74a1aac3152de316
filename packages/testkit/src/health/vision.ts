import { type Day, weekdayFrom } from '../calendar/days.js';
import type { SchoolYear } from '../calendar/school-year.js';
import { type Child, isCanary } from '../people/child.js';
import type { Rng, Streams } from '../random/streams.js';

/** One line of the van's workbook. Later steps are empty until they happen. */
export type Screening = {
  readonly child: Child;
  readonly consent: 'Y' | 'N' | 'pending';
  readonly screened: 'Y' | 'x' | 'N' | '';
  readonly referred: 'Y' | 'N' | '';
  readonly examinedOn: Day | null;
  readonly glasses: 'Y' | 'N' | 'pending' | '';
};

/** The van calls at schools up to grade 8. */
const LAST_GRADE_VISITED = 8;
const SHARE_LISTED = 0.075;

export function screeningsOf(
  children: readonly Child[],
  about: { streams: Streams; year: SchoolYear },
): Screening[] {
  const listed = children.flatMap((child) => {
    const rng = about.streams('vision', child.index);
    const seen = child.grade <= LAST_GRADE_VISITED && child.spans.length > 0 && rng.chance(SHARE_LISTED);
    return seen || isCanary(child) ? [funnel(rng, child, about.year)] : [];
  });
  return listed.sort((left, right) => compareVisits(left.child, right.child));
}

/** School by school, as the van called. */
function compareVisits(left: Child, right: Child): number {
  const [here, there] = [lastSchool(left), lastSchool(right)];
  return here === there ? left.index - right.index : here < there ? -1 : 1;
}

const lastSchool = ({ spans }: Child): string => spans.at(-1)?.school ?? '';

/** Consent, screening, referral, examination, glasses: each step loses some. */
function funnel(rng: Rng, child: Child, year: SchoolYear): Screening {
  const consent = rng.chance(0.84) ? 'Y' : rng.pick(['N', 'pending'] as const);
  const screened = consent !== 'Y' ? '' : rng.chance(0.93) ? rng.pick(['Y', 'Y', 'x'] as const) : 'N';
  const seen = screened === 'Y' || screened === 'x';
  const referred = !seen ? '' : rng.chance(0.31) ? 'Y' : 'N';
  const examinedOn =
    referred === 'Y' && rng.chance(0.78) ? weekdayFrom(year.lastDay - rng.between(4, 60)) : null;
  const glasses = examinedOn === null ? '' : rng.chance(0.7) ? rng.pick(['Y', 'Y', 'pending'] as const) : 'N';
  return { child, consent, screened, referred, examinedOn, glasses };
}
