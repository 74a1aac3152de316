import { ident } from '@throughline/engine';
import { verdictsTable } from '../../definition/counts.js';
import type { Measure, Need, Plan, Scope } from '../../definition/measure.js';
import { personAttendance } from './attendance.js';
import { coverageOf } from './coverage.js';
import { recordAttendance } from './membership.js';
import { type Preset, presets } from './presets.js';
import { verdictsOf } from './verdicts.js';

const needs: readonly Need[] = [
  { role: 'enrolment', table: 'students', columns: [['active']], from: 'every' },
  { role: 'enrolment', table: 'calendar', columns: [['school', 'day', 'in_session']], from: 'every' },
  {
    role: 'enrolment',
    table: 'absences',
    columns: [
      ['day', 'absent'],
      ['day', 'absent_minutes', 'scheduled_minutes'],
    ],
    from: 'some',
  },
];

/** Absent days over membership days, of every child enrolled in the period, under each preset. */
export const chronicAbsence: readonly Measure[] = presets.map((preset) => ({
  measure: 'chronic_absence',
  preset: preset.name,
  name: `chronic_absence_${preset.name}`,
  title: `Chronically absent (${preset.title}), of children enrolled long enough at any time of the period`,
  population: `eligible_${preset.name}`,
  source: preset.source,
  caveats: preset.caveats,
  use: 'outcome-measures',
  needs,
  plan: (scope) => planOf(preset, scope),
}));

function planOf(preset: Preset, scope: Scope): Plan {
  const records = `record_attendance_${preset.day}`;
  const persons = `attendance_${preset.day}`;
  const tables = {
    persons: ident(persons),
    verdicts: verdictsTable(`chronic_absence_${preset.name}`),
  };
  return {
    makes: [
      { table: records, select: recordAttendance(scope, preset.day) },
      { table: persons, select: personAttendance(ident(records)) },
    ],
    verdicts: verdictsOf(preset, tables.persons),
    coverage: coverageOf(preset, tables, scope),
  };
}
