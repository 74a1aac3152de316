import type { City } from '../city/city.js';
import { optedOut } from '../extracts/district-schooling.js';
import type { Row } from '../extracts/row.js';
import { rollOf } from '../extracts/schooling.js';
import { aidFormsOf, cohortOutcomeOf, readinessOf, suspensionsOf } from '../schooling/milestones.js';

/** What the district knows of its own students, for every one who has not opted out; empty where it does not apply. */
export function* trueMilestones(city: City): Generator<Row> {
  yield [
    'child_id',
    'suspended_out',
    'days_out',
    'assessed',
    'ready',
    'aid_completed',
    'cohort_outcome',
    'enrolled_on_snapshot',
  ];
  for (const child of rollOf(city, 'district')) {
    if (optedOut(child, city.year.snapshot)) continue;
    const out = suspensionsOf(child, city).filter(({ inSchool }) => !inSchool);
    const readiness = readinessOf(child, city);
    const completed = aidFormsOf(child, city).some(({ status }) => status === 'Completed');
    const row = [
      out.length > 0 ? '1' : '',
      out.length > 0 ? String(out.reduce((sum, { days }) => sum + days, 0)) : '',
      readiness === null ? '' : '1',
      readiness?.ready === true ? '1' : '',
      completed ? '1' : '',
      cohortOutcomeOf(child, city) ?? '',
    ];
    const here = child.spans.some(
      ({ exit, noShow }) => !noShow && (exit === null || exit >= city.year.snapshot),
    );
    if (row.some((cell) => cell !== '')) yield [child.id, ...row, here ? '1' : ''];
  }
}
