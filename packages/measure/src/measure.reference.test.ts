import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MeasuresInput } from './config/config.js';
import { type City, id, measured, type Rate, type Row, whole } from './reference/city.js';
import { daysFrom, type ExpectedCell, expectedCells } from './reference/reference.js';

/** With a leap day in it, and long enough for the 31 days of California. */
const period = { from: '2024-01-22', to: '2024-03-15' };
/** Each with exports of its own kind. */
const systems = ['district', 'charter', 'academy'];
const config: MeasuresInput = {
  period,
  snapshot: '2024-02-29',
  bands: [
    { name: 'PK-K', grades: ['PK', 'K'] },
    { name: '1-5', grades: ['01', '05'] },
  ],
  dimensions: ['school', 'grade_band', 'race_ethnicity', 'low_income', 'sex'],
  two_way: [
    ['school', 'grade_band'],
    ['race_ethnicity', 'low_income'],
  ],
  measures: [
    { measure: 'chronic_absence', preset: 'ma' },
    { measure: 'chronic_absence', preset: 'me' },
    { measure: 'chronic_absence', preset: 'ca' },
    { measure: 'afterschool_participation', preset: 'any_session' },
  ],
  partners: { enrolment: systems, afterschool: ['afterschool'] },
};

const aroundThePeriod = daysFrom({ from: '2024-01-15', to: '2024-03-22' });
const someDay = fc.constantFrom(...aroundThePeriod);
const yesNo = fc.constantFrom('yes', 'no', 'unknown');
/** The first of some values, most of the time. */
const mostly = <T>(usual: T, ...rest: T[]) =>
  fc.constantFrom(...Array.from({ length: 9 }, () => usual), ...rest);

const someEnrolment = fc.record({
  /** School 20 and a closing row have no calendar; the others are in every system. */
  school: mostly('11', '10', '10', '12', '12', '20', 'Total'),
  grade: fc.constantFrom('PK', 'K', '01', '05', '08', '13', 'unknown'),
  entry_date: fc.oneof(
    { weight: 3, arbitrary: fc.constant('2024-01-08') },
    { weight: 1, arbitrary: someDay },
  ),
  exit_date: fc.option(someDay, { freq: 4 }),
  no_show: mostly('no', 'unknown', 'yes'),
});
const someStudent = fc.record({
  race: fc.constantFrom('asian', 'white', 'unknown'),
  hispanic: yesNo,
  sex: fc.constantFrom('F', 'M'),
  low_income: yesNo,
  active: mostly('yes', 'no', 'no', 'unknown'),
});
const someAbsence = fc.record({
  day: someDay,
  absent: fc.constantFrom('yes', 'yes', 'yes', 'no', 'unknown', null),
  absent_minutes: mostly(null, -1, 0, 194, 195, 195, 196, 390, 2_147_483_647),
  scheduled_minutes: mostly(390, 0, null),
});
const someSession = fc.record({
  status: fc.constantFrom('enrolled', 'enrolled', 'waitlisted', 'unknown'),
  day: fc.option(someDay),
  attended: yesNo,
});
const someRecord = fc.record({
  person: fc.integer({ min: 1, max: 60 }),
  known: mostly(true, false),
  partner: fc.constantFrom(...systems),
  students: fc.array(someStudent, { minLength: 1, maxLength: 2 }),
  enrolments: fc.array(someEnrolment, { minLength: 1, maxLength: 2 }),
  absences: fc.array(someAbsence, { maxLength: 9, size: 'max' }),
});
const someParticipant = fc.record({
  person: fc.integer({ min: 1, max: 70 }),
  sessions: fc.array(someSession, { minLength: 1, maxLength: 3 }),
});
const someFeed = fc.record({
  active_only: fc.boolean(),
  exceptions_only: mostly(true, false, false),
  covers_from: mostly('2023-09-01', '2024-02-12'),
  covers_to: mostly('2024-06-30', '2024-03-01', '2024-01-01'),
});
const goodFeed = {
  active_only: false,
  exceptions_only: true,
  covers_from: '2023-09-01',
  covers_to: '2024-06-30',
};
const someFeeds = fc.oneof(
  { weight: 3, arbitrary: fc.constant([goodFeed]) },
  { weight: 2, arbitrary: fc.constant([{ ...goodFeed, active_only: true }]) },
  { weight: 3, arbitrary: fc.array(someFeed, { maxLength: 2 }) },
);
const someDraft = fc.record({
  records: fc.array(someRecord, { minLength: 80, maxLength: 120 }),
  participants: fc.array(someParticipant, { minLength: 10, maxLength: 40 }),
  feeds: fc.tuple(...systems.map(() => someFeeds)),
  closed: fc.array(fc.record({ day: someDay, in_session: yesNo }), { maxLength: 8 }),
});

type Draft = {
  records: readonly (Record<'students' | 'enrolments' | 'absences', readonly Row[]> & {
    person: number;
    known: boolean;
    partner: string;
  })[];
  participants: readonly { person: number; sessions: readonly Row[] }[];
  feeds: readonly (readonly Row[])[];
  closed: readonly Row[];
};

function cityOf({ records, participants, feeds, closed }: Draft): City {
  const numbered = records.map((record, index) => ({ ...record, id: id(100 + index) }));
  const programme = participants.map((each, index) => ({ ...each, id: id(900 + index) }));
  const schools = (partner: string) => {
    const own = numbered.filter((record) => record.partner === partner);
    const table = (name: 'students' | 'enrolments' | 'absences') =>
      own.flatMap((record) => record[name].map((row) => ({ ...filler, ...row, record_id: record.id })));
    return {
      students: table('students'),
      enrolments: table('enrolments'),
      absences: [...table('absences'), stray],
      calendar: [...calendar, ...closed.map((row) => ({ ...row, school: '11' }))],
      extracts: (feeds[systems.indexOf(partner)] ?? []).map((feed) => ({ ...feed, ...anExtract })),
    };
  };
  const sessions = programme.flatMap((each) => each.sessions.map((row) => ({ ...row, record_id: each.id })));
  return {
    partners: {
      ...Object.fromEntries(systems.map((partner) => [partner, withRows(schools(partner))])),
      afterschool: {
        sessions: [...sessions, { record_id: id(899), status: 'enrolled', day: null, attended: 'no' }],
      },
    },
    people: [
      ...numbered.filter(({ known }) => known).map((record) => personRow(record)),
      ...programme.map((each) => personRow({ ...each, partner: 'afterschool' })),
    ],
  };
}

const filler = { grade: 'unknown', disability: 'unknown', english_learner: 'unknown', excused: 'unknown' };
const anExtract = { extract: 'absences', payload_table: 'absences', rows_in: 1, rows_kept: 1 };
/** Of a child whom nobody enrolled. */
const stray = { ...filler, record_id: id(898), day: '2024-02-07', absent: 'yes' };
const personRow = ({ id: record, person, partner }: { id: string; person: number; partner: string }) => ({
  record_id: record,
  person_id: id(person),
  partner,
  space: 'students',
  basis: basisOf[person % 4] ?? 'exact',
});
const basisOf = ['exact', 'probable', 'weak', 'single'];

const isWeekday = (day: string) => ![0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay());
const calendar = ['10', '11', '12'].flatMap((school) =>
  aroundThePeriod.map((day) => ({
    school,
    day,
    in_session: isWeekday(day) && !(school === '12' && day > '2024-02-20') ? 'yes' : 'no',
  })),
);

/** Every school system has a child and an enrolment, or the stage would refuse the city. */
function withRows<Tables extends { students: readonly Row[]; enrolments: readonly Row[] }>(tables: Tables) {
  const nobody = {
    ...filler,
    record_id: id(897),
    race: 'unknown',
    hispanic: 'unknown',
    sex: 'unknown',
    low_income: 'unknown',
    active: 'no',
  };
  const elsewhen = {
    record_id: id(897),
    school: '11',
    grade: '01',
    entry_date: '2020-09-01',
    exit_date: '2021-06-01',
    no_show: 'no',
  };
  return { ...tables, students: [...tables.students, nobody], enrolments: [...tables.enrolments, elsewhen] };
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'measure-'));
});
afterEach(() => rm(folder, { recursive: true }));

const sorted = (cells: readonly object[]) =>
  cells.map((cell) => JSON.stringify(Object.entries(cell).sort())).sort();

const plainCell = ({ yes_exact: _exact, yes_probable: _probable, yes_weak: _weak, ...cell }: ExpectedCell) =>
  cell;
const linksOf = (rate: Rate) => [
  rate['table_name'],
  rate['level_1'],
  rate['level_2'],
  rate['by_exact_links'],
  rate['by_probable_links'],
  rate['by_weak_links'],
];
const expectedLinks = (cell: ExpectedCell) => [
  cell.table_name,
  cell.level_1,
  cell.level_2,
  cell.yes_exact,
  cell.yes_probable,
  cell.yes_weak,
];

describe('the SQL and the slow reference', () => {
  it('give the same cells for any small city', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(someDraft, async (draft) => {
        run += 1;
        const city = cityOf(draft);
        const { cells, rates } = await measured({ folder: join(folder, String(run)), city, config });
        const expected = expectedCells(city, await whole(config));
        expect(sorted(cells)).toEqual(sorted(expected.map(plainCell)));
        expect(sorted(rates.map(linksOf))).toEqual(sorted(expected.map(expectedLinks)));
      }),
      { numRuns: 5 },
    );
  });
});
