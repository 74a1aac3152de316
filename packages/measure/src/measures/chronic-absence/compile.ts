import { type Sql, sql } from '@throughline/engine';
import { boundCounts } from '../../compile/coverage.js';
import { tableFor } from '../../compile/events.js';
import { described, describedBand, type Ruled } from '../../compile/ruled.js';
import { bandsOf, inBand } from '../../compile/verdicts.js';
import { verdictsTable } from '../../definition/counts.js';
import type { Measure, Scope } from '../../definition/measure.js';
import type { CountsOf } from '../../definition/vocabulary.js';
import { coverageOf } from './coverage.js';
import { attendanceMakes, attendanceNeeds, attendanceTables, type Membership } from './plan.js';
import { attendanceBands, verdictsOf } from './verdicts.js';

/** No child of whom no school has a record has attendance. */
const nobodyUnlinked: Sql = sql`SELECT 0::BIGINT AS count`;

/** Long enough in membership to be judged; the day rule says what absence is and changes nothing in who is counted. */
const eligible = (preset: string, { grades, minimum_days }: Membership) => ({
  population: `eligible_${preset}`,
  populationRule: JSON.stringify({ grades, minimum_days }),
  needs: attendanceNeeds,
  windows: [],
});

const coverage = (rule: Membership, name: string, scope: Scope): readonly Sql[] => [
  ...coverageOf(rule, { ...attendanceTables(rule), verdicts: verdictsTable(name) }, scope),
  ...boundCounts(verdictsTable(name), nobodyUnlinked),
];

export function attendanceMeasure(ruled: Ruled, rule: CountsOf<'attendance'>): Measure {
  const about = described(ruled);
  return {
    ...about,
    ...eligible(about.preset, rule),
    plan: (scope) => ({
      makes: attendanceMakes(rule, scope),
      verdicts: verdictsOf(rule, attendanceTables(rule).persons),
      coverage: coverage(rule, about.name, scope),
      unlinked: nobodyUnlinked,
    }),
  };
}

export function attendanceBandMeasures(ruled: Ruled, rule: CountsOf<'attendance_bands'>): readonly Measure[] {
  const bands = bandsOf(rule.bands);
  const table = tableFor('banded', rule);
  return bands.map((band): Measure => {
    const about = describedBand(ruled, band);
    return {
      ...about,
      ...eligible(about.preset, rule),
      banded: table,
      plan: (scope) => ({
        makes: [
          ...attendanceMakes(rule, scope),
          { table, select: attendanceBands(rule, attendanceTables(rule).persons, bands) },
        ],
        verdicts: inBand(table, band.name),
        coverage: coverage(rule, about.name, scope),
        unlinked: nobodyUnlinked,
      }),
    };
  });
}
