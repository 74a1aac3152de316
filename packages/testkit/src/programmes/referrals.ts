import { type Day, weekdayFrom } from '../calendar/days.js';
import type { SchoolYear } from '../calendar/school-year.js';
import type { Streams } from '../random/streams.js';
import type { Participant, Site } from './afterschool.js';
import type { Plan } from './plans.js';

export type Referral = { readonly plan: string; readonly provider: string; readonly day: Day };

type Ground = {
  readonly streams: Streams;
  readonly year: SchoolYear;
  readonly sites: readonly Site[];
  readonly participants: readonly Participant[];
};

/** A provider that sends no attendance, so nobody knows who arrived. */
const ON_PAPER = 'Mill City Boxing';

/** Referrals of children with a plan: often to a site that the child goes to, sometimes to one on paper. */
export function referralsOf(plans: readonly Plan[], ground: Ground): readonly Referral[] {
  return plans.flatMap(({ id, child, date }) => {
    const rng = ground.streams('referral', child.index);
    if (!rng.chance(0.5)) return [];
    const own = ground.participants.filter((each) => each.child === child).map(({ site }) => site.name);
    const somewhere = rng.pick(ground.sites).name;
    const provider = rng.chance(0.12) ? ON_PAPER : (own[0] ?? somewhere);
    return [
      { plan: id, provider, day: weekdayFrom(Math.max(ground.year.start, date - rng.between(0, 120))) },
    ];
  });
}
