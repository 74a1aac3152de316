import { compact, iso } from '../calendar/days.js';
import { nobody } from '../city/canaries.js';
import type { City } from '../city/city.js';
import { dentalVisitsOf } from '../health/dental.js';
import { sitesFor } from '../programmes/afterschool.js';
import { referralsOf } from '../programmes/referrals.js';
import { CHARTER } from '../schooling/schools.js';
import { type Row, withBroken } from './row.js';

const yesNo = (answer: boolean | null): string => (answer === null ? 'UNK' : answer ? 'Y' : 'N');

export function dentalVisits(city: City): Iterable<Row> {
  const no = nobody(city.canaries);
  const rows = dentalVisitsOf(city.patients, city).map((visit) => [
    visit.mrn,
    compact(visit.day),
    ...[visit.completed, visit.decay, visit.sealants, visit.urgent, visit.closed].map(yesNo),
  ]);
  return withBroken(
    [['MRN', 'VISIT_DT', 'COMPLETED', 'UNTREATED_DECAY', 'SEALANTS', 'URGENT_REF', 'REF_CLOSED'], ...rows],
    [[no.badNumber, '20260230', 'Y', 'N', 'N', 'N', 'N']],
  );
}

/** Sites of afterschool, and one provider who keeps its attendance on paper. */
export function planReferrals(city: City): Iterable<Row> {
  const no = nobody(city.canaries);
  const sites = [...new Map(city.participants.map(({ site }) => [site.code, site])).values()];
  const known = sites.length === 0 ? sitesFor(city.children.length) : sites;
  const rows = referralsOf(city.plans, { ...city, sites: known }).map(({ plan, provider, day }) => [
    plan,
    provider,
    iso(day),
  ]);
  return withBroken([['Plan ID', 'Referred To', 'Referred On'], ...rows], [['', 'YMCA', no.badDate]]);
}

/** Schools with a clinician of the health centre: a list of schools and dates, and nobody's therapy. */
export function clinicianSites(city: City): Iterable<Row> {
  const no = nobody(city.canaries);
  const rows = [...city.schools, CHARTER].flatMap(({ code }, index) => {
    const rng = city.streams('clinician', index);
    if (!rng.chance(0.6)) return [];
    const until = rng.chance(0.2) ? compact(city.year.start + 120) : '';
    return [[code, compact(city.year.start + rng.between(0, 60)), until]];
  });
  return withBroken([['SCHOOL', 'START_DT', 'END_DT'], ...rows], [['', no.badDate, '']]);
}
