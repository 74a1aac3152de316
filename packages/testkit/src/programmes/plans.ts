import { type Day, weekdayFrom } from '../calendar/days.js';
import type { SchoolYear } from '../calendar/school-year.js';
import { type Child, isCanary } from '../people/child.js';
import type { Rng, Streams } from '../random/streams.js';

export type Service = {
  readonly type: string;
  readonly provider: string;
  readonly tier: number;
  readonly status: 'Delivered' | 'Referred' | 'Declined';
  readonly date: Day;
};

/** A success plan: what a school's coordinator agreed with a family, and the services that followed. */
export type Plan = {
  readonly id: string;
  readonly child: Child;
  readonly status: 'Active' | 'Closed' | 'Draft';
  readonly date: Day;
  readonly services: readonly Service[];
};

const SHARE_PLANNED = 0.08;
const PROVIDERS: readonly (readonly [string, string])[] = [
  ['Tutoring', 'Millbrook Reads'],
  ['Mentoring', 'Big Sister Association'],
  ['Counseling', 'Riverside Community Care'],
  ['Food Assistance', 'Mill City Food Pantry'],
  ['Housing Support', 'Housing Families'],
  ['Enrichment', 'Mill City Arts'],
  ['Dental Referral', 'Millbrook Health Center'],
];

/** In the order the plans were opened. */
export function plansOf(children: readonly Child[], about: { streams: Streams; year: SchoolYear }): Plan[] {
  const drawn = children.flatMap((child) => draftPlan(child, about));
  drawn.sort((left, right) => left.date - right.date || left.child.index - right.child.index);
  return drawn.map((plan, position) => ({ ...plan, id: `SP-${String(position + 1).padStart(6, '0')}` }));
}

function draftPlan(
  child: Child,
  { streams, year }: { streams: Streams; year: SchoolYear },
): Omit<Plan, 'id'>[] {
  const rng = streams('plan', child.index);
  const canary = isCanary(child);
  const likely = SHARE_PLANNED * (child.household.meals === 'not_eligible' ? 0.5 : 1.4);
  if (child.localId === '' || (!rng.chance(likely) && !canary)) return [];
  const date = weekdayFrom(year.start + rng.between(20, 200));
  if (!child.spans.some((span) => span.entry <= date)) return [];
  const status = rng.next() < 0.8 ? 'Active' : rng.pick(['Closed', 'Draft'] as const);
  const services = Array.from({ length: rng.between(1, 4) }, () =>
    someService(rng, { from: date, until: year.lastDay }),
  );
  return [{ child, status, date, services: services.sort((left, right) => left.date - right.date) }];
}

function someService(rng: Rng, { from, until }: { from: Day; until: Day }): Service {
  const [type, provider] = rng.pick(PROVIDERS);
  const draw = rng.next();
  return {
    type,
    provider,
    tier: draw < 0.6 ? 1 : draw < 0.9 ? 2 : 3,
    status: rng.chance(0.72) ? 'Delivered' : rng.pick(['Referred', 'Referred', 'Declined'] as const),
    date: weekdayFrom(rng.between(from, until - 2)),
  };
}
