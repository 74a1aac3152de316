import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MeasuresInput } from '../../config/config.js';
import { type Cell, type City, type Coverage, id, measured, type Row } from '../../reference/city.js';
import { daysFrom } from '../../reference/reference.js';

/** A school year of 180 days over a leap day; day 1 is 5 September 2023. */
const period = { from: '2023-08-28', to: '2024-06-28' };
const holidays = ['2023-10-09', '2023-11-23', '2023-11-24', '2024-01-01', '2024-02-19', '2024-05-27'];
const schoolDays = daysFrom({ from: '2023-09-05', to: period.to })
  .filter((day) => ![0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay()) && !holidays.includes(day))
  .slice(0, 180);
const day = (number: number): string => schoolDays[number - 1] ?? '';
const LEAP_DAY = schoolDays.indexOf('2024-02-29') + 1;

type Verdict = 'yes' | 'no' | 'unknown';
type Span = { school?: string; system?: string; from?: number; to?: number; noShow?: boolean };
/** Absent days are numbers of school days, or dates. */
type Child = {
  readonly what: string;
  readonly spans?: readonly Span[];
  readonly grade?: string;
  readonly active?: 'yes' | 'no';
  /** Its own school's calendar, where it is not the city's. */
  readonly calendar?: 'none' | 'two snow days';
  readonly absent?: readonly (number | string)[];
  /** Further attendance rows, as the partner's feed has them. */
  readonly rows?: readonly Row[];
  /** By preset; null: not in the population. */
  readonly expect: Readonly<Record<string, Verdict | null>>;
};

const first = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const from = (start: number, count: number): number[] => first(count).map((each) => start + each - 1);
const minutes = (missed: number, days: readonly number[]): Row[] =>
  days.map((each) => ({ day: day(each), absent: null, absent_minutes: missed, scheduled_minutes: 390 }));
const said = (absent: string | null, days: readonly number[]): Row[] =>
  days.map((each) => ({ day: day(each), absent }));
/** `village` exports every day, not only exceptions. */
const everyDay = (absent: number, missing: number): Row[] => [
  ...said('yes', first(absent)),
  ...said('no', from(absent + 1, 180 - absent - missing)),
];

const children: readonly Child[] = [
  { what: '18 of 180', absent: first(18), expect: { ma: 'yes', edfacts: 'yes', ca: 'yes', ceds: 'yes' } },
  { what: '17 of 180', absent: first(17), expect: { ma: 'no', edfacts: 'no', ca: 'no' } },
  {
    what: '163 present + 17 absent: no, whatever CEDS computes',
    absent: from(100, 17),
    expect: { ceds: 'no', ma: 'no' },
  },
  { what: 'never absent', expect: { ma: 'no' } },
  { what: 'always absent', absent: first(180), expect: { ma: 'yes' } },
  { what: 'entered late, 5 of 50', spans: [{ from: 131 }], absent: from(131, 5), expect: { ma: 'yes' } },
  { what: 'entered late, 4 of 50', spans: [{ from: 131 }], absent: from(131, 4), expect: { ma: 'no' } },
  {
    what: '9 days',
    spans: [{ to: 9 }],
    absent: first(9),
    expect: { ma: null, edfacts: null, ceds: null, me: null },
  },
  {
    what: '10 days, 1 absent',
    spans: [{ to: 10 }],
    absent: [3],
    expect: { ma: null, edfacts: 'yes', ceds: 'yes' },
  },
  {
    what: '19 days',
    spans: [{ to: 19 }],
    absent: first(19),
    expect: { ma: null, edu: null, edfacts: 'yes' },
  },
  { what: '20 days, 2 absent', spans: [{ to: 20 }], absent: [1, 2], expect: { ma: 'yes', edu: 'yes' } },
  { what: '20 days, 1 absent', spans: [{ to: 20 }], absent: [1], expect: { ma: 'no' } },
  { what: '30 days', spans: [{ to: 30 }], absent: first(30), expect: { ca: null, ma: 'yes' } },
  { what: '31 days', spans: [{ to: 31 }], absent: first(4), expect: { ca: 'yes' } },
  { what: 'the exit date is a day enrolled', spans: [{ to: 20 }], absent: [19, 20], expect: { ma: 'yes' } },
  {
    what: 'marked on a holiday, before entry and after exit',
    spans: [{ from: 11, to: 170 }],
    absent: [...from(11, 15), '2023-11-23', 10, 171],
    expect: { ma: 'no' },
  },
  {
    what: 'marked on a snow day',
    calendar: 'two snow days',
    absent: [...first(16), 100, 101],
    expect: { ma: 'no' },
  },
  { what: 'the leap day', absent: [...first(17), LEAP_DAY], expect: { ma: 'yes' } },
  { what: 'one day marked twice', absent: [...first(17), 17], expect: { ma: 'no' } },
  { what: 'the worst of two marks', absent: first(18), rows: said('no', [18]), expect: { ma: 'yes' } },
  { what: 'tardy days', rows: said('no', first(40)), expect: { ma: 'no' } },
  {
    what: 'excused or not',
    rows: first(18).map((each) => ({ day: day(each), absent: 'yes', excused: 'yes' })),
    expect: { ma: 'yes' },
  },
  {
    what: 'changed schools, 9 + 9 of 90 + 90',
    spans: [{ school: 'before', to: 90 }, { from: 91 }],
    absent: [...first(9), ...from(91, 9)],
    expect: { ma: 'yes' },
  },
  {
    what: 'enrolled twice for 20 days, 18 absent: 180 days, not 200',
    spans: [{ school: 'before', to: 100 }, { from: 81 }],
    absent: first(18),
    expect: { ma: 'yes' },
  },
  {
    what: 'enrolled twice, and marked at both: 17 days, not 34',
    spans: [
      { system: 'academy2', school: 'before', to: 100 },
      { system: 'charter', from: 81 },
    ],
    absent: from(81, 17),
    expect: { ma: 'no' },
  },
  { what: 'left and returned', spans: [{ to: 50 }, { from: 101 }], absent: first(13), expect: { ma: 'yes' } },
  { what: 'no-show', spans: [{ noShow: true }], absent: first(18), expect: { ma: null, ceds: null } },
  {
    what: 'no-show, then enrolled',
    spans: [{ school: 'before', noShow: true }, { from: 131 }],
    absent: from(131, 5),
    expect: { ma: 'yes' },
  },
  {
    what: 'left, and the export holds active children only',
    spans: [{ to: 100 }],
    active: 'no',
    expect: { ma: 'unknown' },
  },
  {
    what: 'left, and some absences are there all the same',
    spans: [{ to: 100 }],
    active: 'no',
    absent: first(50),
    expect: { ma: 'unknown' },
  },
  {
    what: 'left a school that exports everybody',
    spans: [{ system: 'charter', to: 100 }],
    active: 'no',
    expect: { ma: 'no' },
  },
  {
    what: 'district to charter: half a year unknown',
    spans: [
      { school: 'before', to: 90 },
      { system: 'charter', from: 91 },
    ],
    active: 'no',
    absent: from(91, 18),
    expect: { ma: 'unknown' },
  },
  {
    what: 'charter to district: all known',
    spans: [{ system: 'charter', school: 'before', to: 90 }, { from: 91 }],
    absent: [...first(9), ...from(91, 9)],
    expect: { ma: 'yes' },
  },
  { what: 'a school without attendance', spans: [{ system: 'academy' }], expect: { ma: 'unknown' } },
  {
    what: 'a school without attendance, 19 days',
    spans: [{ system: 'academy', to: 19 }],
    expect: { ma: null },
  },
  { what: 'a school without calendar', calendar: 'none', absent: first(18), expect: { ma: 'unknown' } },
  { what: 'pre-K', grade: 'PK', absent: first(18), expect: { ma: 'yes', edfacts: null, ca: null, ri: null } },
  { what: 'grade 13', grade: '13', absent: first(18), expect: { ma: null, ceds: 'yes' } },
  { what: 'grade 9', grade: '09', absent: first(18), expect: { ca: null, ma: 'yes' } },
  {
    what: 'a grade that nobody knows',
    grade: 'unknown',
    absent: first(18),
    expect: { ma: null, ceds: null },
  },
  {
    what: 'K, 18 of 90',
    grade: 'K',
    spans: [{ to: 90 }],
    absent: first(18),
    expect: { ri: 'yes', ca: 'yes' },
  },
  {
    what: 'K, 18 of 89',
    grade: 'K',
    spans: [{ to: 89 }],
    absent: first(18),
    expect: { ri: null, ma: 'yes' },
  },
  {
    what: 'K, 17 of 90',
    grade: 'K',
    spans: [{ to: 90 }],
    absent: first(17),
    expect: { ri: 'no', ma: 'yes' },
  },
  {
    what: 'half of the minutes',
    spans: [{ system: 'charter' }],
    rows: minutes(195, first(18)),
    expect: { ma: 'yes', me: 'no', ca: 'no' },
  },
  {
    what: 'a minute less than half',
    spans: [{ system: 'charter' }],
    rows: minutes(194, first(18)),
    expect: { ma: 'no', me: 'no' },
  },
  {
    what: 'a minute more than half',
    spans: [{ system: 'charter' }],
    rows: minutes(196, first(18)),
    expect: { ma: 'yes', me: 'yes', ca: 'no' },
  },
  {
    what: 'all minutes',
    spans: [{ system: 'charter' }],
    rows: minutes(390, first(18)),
    expect: { ca: 'yes' },
  },
  {
    what: '17 days and one that says nothing',
    absent: first(17),
    rows: said(null, [18]),
    expect: { ma: 'unknown' },
  },
  {
    what: '18 days and one that says nothing',
    absent: first(18),
    rows: said('unknown', [19]),
    expect: { ma: 'yes' },
  },
  {
    what: '16 days and one that says nothing',
    absent: first(16),
    rows: said('unknown', [17]),
    expect: { ma: 'no' },
  },
  { what: 'every day told', spans: [{ system: 'village' }], rows: everyDay(17, 0), expect: { ma: 'no' } },
  {
    what: 'every day told but one',
    spans: [{ system: 'village' }],
    rows: everyDay(17, 1),
    expect: { ma: 'unknown' },
  },
  { what: 'enough told', spans: [{ system: 'village' }], rows: everyDay(18, 100), expect: { ma: 'yes' } },
  { what: 'no day told', spans: [{ system: 'village' }], expect: { ma: 'unknown' } },
  {
    what: 'the export ends a day early, 16',
    spans: [{ system: 'short' }],
    absent: first(16),
    expect: { ma: 'no' },
  },
  {
    what: 'the export ends a day early, 17',
    spans: [{ system: 'short' }],
    absent: first(17),
    expect: { ma: 'unknown' },
  },
];

const feed = {
  extract: 'absences',
  payload_table: 'absences',
  rows_in: 1,
  rows_kept: 1,
  covers_from: '2023-08-28',
  covers_to: '2024-06-28',
};
const feeds: Readonly<Record<string, Row | null>> = {
  district: { ...feed, active_only: true, exceptions_only: true },
  charter: { ...feed, active_only: false, exceptions_only: true },
  academy2: { ...feed, active_only: false, exceptions_only: true },
  village: { ...feed, active_only: false, exceptions_only: false },
  short: { ...feed, active_only: false, exceptions_only: true, covers_to: day(179) },
  academy: null,
};

const presets = ['ma', 'ca', 'edfacts', 'ceds', 'ri', 'me', 'edu'];
const config: MeasuresInput = {
  period,
  snapshot: day(180),
  bands: [{ name: 'all', grades: ['PK'] }],
  dimensions: ['school'],
  two_way: [],
  measures: presets.map((preset) => ({ measure: 'chronic_absence', preset })),
  partners: { enrolment: Object.keys(feeds), afterschool: [] },
};

const systems = Object.keys(feeds);
const record = (index: number, system: string): string => id(1000 * (index + 1) + systems.indexOf(system));
const spansOf = ({ spans = [{}] }: Child) => spans.map((span) => ({ system: 'district', ...span }));
const inSystem = <T>(system: string, each: (child: Child, own: Row, span: Span) => readonly T[]): T[] =>
  children.flatMap((child, index) =>
    spansOf(child)
      .filter((span) => span.system === system)
      .flatMap((span) => each(child, { record_id: record(index, system), excused: 'unknown' }, span)),
  );

const enrolmentRow = (child: Child, own: Row, { school, from: entry = 1, to, noShow }: Span): Row => ({
  ...own,
  school: school ?? child.what,
  grade: child.grade ?? '04',
  entry_date: day(entry),
  exit_date: to === undefined ? null : day(to),
  no_show: noShow === true ? 'yes' : 'no',
});
const studentRow = ({ active = 'yes' }: Child, own: Row): Row => ({
  ...own,
  ...Object.fromEntries(
    ['grade', 'race', 'hispanic', 'sex', 'low_income', 'disability', 'english_learner'].map((each) => [
      each,
      'unknown',
    ]),
  ),
  active,
});
const absenceRows = ({ absent = [], rows = [] }: Child, own: Row): Row[] => [
  ...absent.map((each) => ({ ...own, day: typeof each === 'number' ? day(each) : each, absent: 'yes' })),
  ...rows.map((row) => ({ ...own, ...row })),
];
const calendarRows = (school: string, calendar?: Child['calendar']): Row[] =>
  calendar === 'none'
    ? []
    : [
        ...daysFrom(period).map((each) => ({
          school,
          day: each,
          in_session: schoolDays.includes(each) ? 'yes' : 'no',
        })),
        ...(calendar === undefined
          ? []
          : [100, 101].map((each) => ({ school, day: day(each), in_session: 'no' }))),
      ];

/** A child marked absent whom no school enrolled. */
const stranger: Row = { record_id: id(999_999), day: day(1), absent: 'yes', excused: 'no' };

const partnerOf = (system: string) => {
  const extract = feeds[system];
  return {
    students: inSystem(system, (child, own) => [studentRow(child, own)]),
    enrolments: inSystem(system, (child, own, span) => [enrolmentRow(child, own, span)]),
    absences: [
      ...inSystem(system, (child, own) => (extract === null ? [] : absenceRows(child, own))),
      ...(system === 'district' ? [stranger] : []),
    ],
    calendar: [
      ...calendarRows('before'),
      ...inSystem(system, (child, _own, span) =>
        span.school === undefined ? calendarRows(child.what, child.calendar) : [],
      ),
    ],
    extracts: extract === null || extract === undefined ? [] : [extract],
  };
};

const city: City = {
  partners: Object.fromEntries(systems.map((system) => [system, partnerOf(system)])),
  people: children.flatMap((child, index) =>
    [...new Set(spansOf(child).map(({ system }) => system))].map((partner) => ({
      record_id: record(index, partner),
      person_id: id(index + 1),
      partner,
      space: 'students',
      basis: 'exact',
    })),
  ),
};

let folder: string;
let cells: readonly Cell[];
let coverage: readonly Coverage[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chronic-'));
  ({ cells, coverage } = await measured({ folder, city, config }));
});
afterAll(() => rm(folder, { recursive: true }));

const verdictOf = (preset: string, school: string): Verdict | null | undefined => {
  const cell = cells.find(
    (each) => each.table_name === `chronic_absence_${preset}.school` && each.level_1 === school,
  );
  if (cell === undefined || cell.total === 0) return null;
  return (['yes', 'no', 'unknown'] as const).find((verdict) => cell[verdict] === 1 && cell.total === 1);
};

const countsOf = (name: string, measure = 'chronic_absence_ma') =>
  Object.fromEntries(
    coverage
      .filter((row) => row.measure === measure && row.name === name)
      .map((row) => [row.by ?? 'all', row.count]),
  );

describe('chronic absence', () => {
  it('has a year of 180 days with a leap day', () => {
    expect(schoolDays).toHaveLength(180);
    expect(LEAP_DAY).toBeGreaterThan(17);
  });

  it.each(children)('$what', ({ what, expect: expected }) => {
    const found = Object.fromEntries(
      Object.keys(expected).map((preset) => [preset, verdictOf(preset, what)]),
    );
    expect(found).toEqual(expected);
  });

  it('counts a child once, wherever it was enrolled', () => {
    // All but the no-show and the child whose school has no calendar.
    expect(countsOf('persons_ever_enrolled')).toEqual({ all: children.length - 2 });
    expect(countsOf('persons_in_several_systems', 'population')).toEqual({ all: 3 });
    for (const preset of presets) {
      const total = cells.find((each) => each.table_name === `chronic_absence_${preset}.total`);
      const schools = cells.filter(
        (each) => each.table_name === `chronic_absence_${preset}.school` && each.level_1 !== 'Total',
      );
      expect(schools.reduce((sum, each) => sum + each.total, 0)).toBe(total?.total);
    }
  });

  it('counts beside the rates whom and what it left out', () => {
    expect(countsOf('enrolments_left_out', 'population')).toEqual({ no_show: 2 });
    expect(countsOf('persons_grade_unknown')).toEqual({ all: 1 });
    expect(countsOf('persons_outside_grades')).toEqual({ all: 1 });
    expect(countsOf('persons_below_minimum_days')).toEqual({ all: 4 });
    expect(countsOf('persons_unknown')).toEqual({
      left_before_export: 3,
      no_absences_extract: 1,
      no_calendar: 1,
      unclear_days: 4,
    });
  });

  it('bounds the yes by the unknown', () => {
    const total = cells.find((each) => each.table_name === 'chronic_absence_ma.total');
    expect(countsOf('persons_yes_at_least')).toEqual({ all: total?.yes });
    expect(countsOf('persons_yes_at_most')).toEqual({ all: (total?.yes ?? 0) + (total?.unknown ?? 0) });
  });
});
