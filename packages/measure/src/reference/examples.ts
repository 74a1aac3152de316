import { codeListOf, columnsOf, type PayloadTable, payloadCodes, payloadTables } from '@throughline/core';
import { type Definition, type MeasureConfig, measureConfig, measuresOf } from '../index.js';
import { daysFrom } from './attendance.js';
import type { City, Row, Tables } from './city.js';
import { id } from './city.js';

/** The period, snapshot and windows of all worked examples. */
export const EXAMPLE = {
  period: { from: '2025-08-27', to: '2026-06-15' },
  snapshot: '2026-06-15',
  windows: {
    summer: { from: '2026-07-01', to: '2026-08-31' },
    prior_summer: { from: '2025-07-01', to: '2025-08-26' },
    aid_cycle: { from: '2025-10-01', to: '2026-06-15' },
    first_fall: { from: '2025-08-15', to: '2025-10-31' },
    before_kindergarten: { from: '2024-09-01', to: '2025-06-30' },
    entry_assessment: { from: '2025-08-27', to: '2025-11-30' },
  },
} as const;

const isWeekday = (day: string): boolean => ![0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay());

/** The last 180 weekdays of the period. */
const schoolDays: readonly string[] = daysFrom(EXAMPLE.period).filter(isWeekday).slice(-180);

type Child = Definition['example'][number];
type Placed = { readonly child: Child; readonly definition: Definition; readonly number: number };

/** What a child is called in the tables: its race, which no rule reads. */
export const levelOf = (measure: string, index: number): string => `${measure} ${index + 1}`;

/** Everything that the definitions offer, asked for at once. */
export function exampleConfig(definitions: readonly Definition[]): MeasureConfig {
  const asked = definitions.flatMap(({ measure, presets }) =>
    presets.map(({ name }) => ({ measure, preset: name })),
  );
  const base = {
    ...EXAMPLE,
    bands: [{ name: 'all', grades: payloadCodes.grade.filter((grade) => grade !== 'unknown') }],
    dimensions: ['school', 'grade_band', 'race_ethnicity'],
    two_way: [],
    measures: asked,
    definitions,
  };
  const roles = new Set(
    measuresOf({ definitions, measures: asked }).flatMap(({ needs }) => needs.map(({ role }) => role)),
  );
  return measureConfig.parse({
    ...base,
    partners: Object.fromEntries([...roles].map((role) => [role, [role.replaceAll('_', '-')]])),
  });
}

/** A city of all children of all examples, each at a school of its own. */
export function exampleCity(definitions: readonly Definition[], config: MeasureConfig): City {
  const placed = definitions.flatMap((definition, place) =>
    definition.example.map((child, index): Placed => ({ child, definition, number: 10 * place + index })),
  );
  const roleOf = rolesByTable(config);
  const partners: Record<string, Record<string, Row[]>> = {
    enrolment: {
      students: placed.map(studentOf),
      enrolments: placed.flatMap(enrolmentOf),
      calendar: placed.flatMap(calendarOf),
      absences: placed.flatMap(absencesOf),
      extracts: [feed],
    },
  };
  for (const each of placed) {
    for (const [table, rows = []] of Object.entries(each.child.rows) as [PayloadTable, Row[]][]) {
      const partner = roleOf(table).replaceAll('_', '-');
      const tables = partners[partner] ?? {};
      const own = rows.map((row) => filled(table, { ...row, ...ownOf(table, each) }));
      partners[partner] = { ...tables, [table]: [...(tables[table] ?? []), ...own] };
    }
  }
  return {
    partners: partners as Record<string, Tables>,
    people: placed.flatMap((each) => peopleOf(each, Object.keys(partners))),
  };
}

function rolesByTable(config: MeasureConfig): (table: PayloadTable) => string {
  const needs = measuresOf(config).flatMap((measure) => measure.needs);
  return (table) => needs.find((need) => need.table === table)?.role ?? 'enrolment';
}

const recordOf = ({ number }: Placed): string => id(1000 * (number + 1));
/** Its record at every other partner. */
const elsewhere = ({ number }: Placed): string => id(1000 * (number + 1) + 1);

const schoolOf = ({ number }: Placed): string => `school ${number}`;

/** What says whose a row is: a child's record, or its school. */
const ownOf = (table: PayloadTable, placed: Placed): Row =>
  'record_id' in payloadTables[table] ? { record_id: elsewhere(placed) } : { school: schoolOf(placed) };

/** Columns that must hold something hold the word for unknown. */
function filled(table: PayloadTable, row: Row): Row {
  const required = columnsOf(payloadTables[table]).filter(
    ({ name, nullable }) => !nullable && !(name in row),
  );
  return {
    ...row,
    ...Object.fromEntries(required.map(({ name }) => [name, unknownWord(name)])),
  };
}

function unknownWord(column: string): string {
  const list = codeListOf[column];
  const words: readonly string[] = list === undefined ? [] : payloadCodes[list];
  return words.includes('unknown') ? 'unknown' : (words[0] ?? '');
}

function studentOf(placed: Placed): Row {
  const { child, definition } = placed;
  return filled('students', {
    record_id: recordOf(placed),
    grade: child.grade,
    race: levelOf(definition.measure, definition.example.indexOf(child)),
    hispanic: 'no',
    active: 'yes',
  });
}

function enrolmentOf(placed: Placed): Row[] {
  const { child } = placed;
  if (child.enrolled === 'never') return [];
  const from = child.days === undefined ? child.enrolled.from : schoolDays[180 - child.days];
  return [
    {
      record_id: recordOf(placed),
      school: schoolOf(placed),
      grade: child.grade,
      entry_date: from ?? EXAMPLE.period.from,
      exit_date: child.enrolled.to ?? null,
      no_show: 'no',
    },
  ];
}

const calendarOf = (placed: Placed): Row[] =>
  schoolDays.map((day) => ({ school: schoolOf(placed), day, in_session: 'yes' }));

const absencesOf = (placed: Placed): Row[] =>
  schoolDays
    .slice(180 - (placed.child.days ?? 180))
    .slice(0, placed.child.absent ?? 0)
    .map((day) => filled('absences', { record_id: recordOf(placed), day, absent: 'yes' }));

const feed: Row = {
  extract: 'absences',
  payload_table: 'absences',
  rows_in: 1,
  rows_kept: 1,
  active_only: false,
  exceptions_only: true,
  covers_from: EXAMPLE.period.from,
  covers_to: EXAMPLE.period.to,
};

function peopleOf(placed: Placed, partners: readonly string[]): Row[] {
  const { child, number } = placed;
  const person = (partner: string, linked: boolean, basis: string): Row => ({
    record_id: partner === 'enrolment' ? recordOf(placed) : elsewhere(placed),
    person_id: id(500_000 + number + (linked ? 0 : 100_000)),
    partner,
    space: 'records',
    basis,
  });
  const basis = child.linked === 'not' ? 'single' : child.linked;
  return partners.map((partner) =>
    partner === 'enrolment' ? person(partner, true, basis) : person(partner, child.linked !== 'not', basis),
  );
}
