import { compact, iso } from '../calendar/days.js';
import { nobody } from '../city/canaries.js';
import type { City } from '../city/city.js';
import {
  aidFormsOf,
  cohortOutcomeOf,
  earlyYearsOf,
  hadSummerPlace,
  readinessOf,
  suspensionsOf,
} from '../schooling/milestones.js';
import { type Row, withBroken } from './row.js';
import { rollOf } from './schooling.js';

/** Out-of-school and in-school suspensions. */
export function districtSuspensions(city: City): Iterable<Row> {
  const no = nobody(city.canaries);
  const rows = rollOf(city, 'district').flatMap((child) =>
    suspensionsOf(child, city).map((each) => [
      child.localId,
      iso(each.day),
      String(each.days),
      each.inSchool ? 'ISS' : 'OSS',
    ]),
  );
  return withBroken(
    [['local_id', 'start_date', 'days', 'type'], ...rows],
    [
      [no.localId, '2026-02-30', '1', 'OSS'],
      [null, iso(city.year.start), no.badNumber, 'OSS'],
    ],
  );
}

export function districtReadiness(city: City): Iterable<Row> {
  const no = nobody(city.canaries);
  const rows = rollOf(city, 'district').flatMap((child) => {
    const found = readinessOf(child, city);
    if (found === null) return [];
    const level = found.ready === null ? null : found.ready ? 'Demonstrating' : 'Approaching';
    return [[child.localId, 'KRA', iso(found.day), level]];
  });
  return withBroken(
    [['local_id', 'instrument', 'assessed_on', 'level'], ...rows],
    [[null, 'KRA', no.badDate, 'Approaching']],
  );
}

export function districtEarlyChildhood(city: City): Iterable<Row> {
  const no = nobody(city.canaries);
  const rows = rollOf(city, 'district').flatMap((child) => {
    const found = earlyYearsOf(child, city);
    if (found === null) return [];
    return [
      [child.localId, 'Millbrook Pre-K', iso(found.from), iso(found.until), found.subsidised ? 'Y' : 'N'],
    ];
  });
  return withBroken(
    [['local_id', 'program', 'start_date', 'end_date', 'voucher'], ...rows],
    [[null, 'Millbrook Pre-K', no.badDate, null, 'N']],
  );
}

/** The state agency's list as the district matched it: one row a form, federal and Dream Act alike. */
export function districtAid(city: City): Iterable<Row> {
  const no = nobody(city.canaries);
  const rows = rollOf(city, 'district').flatMap((child) =>
    aidFormsOf(child, city).map(({ day, status }) => [child.localId, compact(day), status]),
  );
  return withBroken(
    [['local_id', 'receipt_date', 'status'], ...rows],
    [[no.localId, no.badDate, 'Completed']],
  );
}

export function districtCohort(city: City): Iterable<Row> {
  const no = nobody(city.canaries);
  const rows = rollOf(city, 'district').flatMap((child) => {
    const outcome = cohortOutcomeOf(child, city);
    return outcome === null ? [] : [[child.localId, '4YR', outcome === '' ? null : outcome]];
  });
  return withBroken([['local_id', 'cohort', 'status'], ...rows], [[null, no.surname, 'Graduated']]);
}

/** The district's own list of last summer: `LASID,Start Date,End Date`. */
export function districtLastSummer(city: City): Iterable<Row> {
  const no = nobody(city.canaries);
  const start = city.year.start - 50;
  const rows = rollOf(city, 'district').flatMap((child) =>
    hadSummerPlace(child, city) ? [[child.localId, iso(start), iso(start + 25)]] : [],
  );
  return withBroken([['LASID', 'Start Date', 'End Date'], ...rows], [[null, no.badDate, iso(start + 25)]]);
}
