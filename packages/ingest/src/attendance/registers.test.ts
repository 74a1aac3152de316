import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { artifactTables, columnsOf, payloadTables } from '@throughline/core';
import { ident, openSession, type Row, type Session, sql } from '@throughline/engine';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { marksLeftOut, registerSelects, registerTables } from './registers.js';
import type { AbsenceFeed } from './silence.js';

type Given = Readonly<Record<string, string | number | null>>;
type School = Readonly<Record<'students' | 'enrolments' | 'calendar' | 'absences', readonly Given[]>> & {
  readonly feeds: readonly AbsenceFeed[];
  readonly today: string;
};

let folder: string;
let session: Session;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'registers-'));
  session = await openSession({
    folders: [folder],
    spill: join(folder, 'spill'),
    memory: '500MB',
    threads: 1,
  });
});
afterAll(async () => {
  session.close();
  await rm(folder, { recursive: true });
});

const tables = ['students', 'enrolments', 'calendar', 'absences'] as const;
let run = 0;

async function registersOf(school: School): Promise<{ registers: readonly Row[]; leftOut: readonly Row[] }> {
  run += 1;
  const sources: Record<string, ReturnType<typeof sql>> = {};
  for (const name of tables) {
    const schema = payloadTables[name];
    const columns = columnsOf(schema).map((column) => school[name].map((row) => row[column.name] ?? null));
    await session.append('given', { name: `given_${name}_${run}`, schema }, [columns]);
    sources[name] = sql`SELECT * FROM ${ident(`given_${name}_${run}`)}`;
  }
  const selects = registerSelects(
    sources as Parameters<typeof registerSelects>[0],
    school.feeds,
    school.today,
  );
  for (const table of registerTables) await session.make(table, table, selects[table]);
  const registers = await session.rows(
    'read',
    sql`SELECT record_id::VARCHAR AS record_id, school, first_day::VARCHAR AS first_day, marks FROM registers ORDER BY ALL`,
  );
  const leftOut = await session.rows('left out', marksLeftOut);
  for (const table of [...registerTables, ...tables.map((name) => `given_${name}_${run}`)])
    await session.run('drop', sql`DROP TABLE ${ident(table)}`);
  return { registers, leftOut: leftOut.map((row) => ({ ...row, rows: Number(row['rows']) })) };
}

const id = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const START = Date.parse('2026-01-05');
const dayOf = (place: number) => new Date(START + place * 86_400_000).toISOString().slice(0, 10);

/** Once more, child by child and day by day. */
function expectedRegisters({ students, enrolments, calendar, absences, feeds, today }: School): Given[] {
  const members = enrolments.filter(
    (row) => row['no_show'] !== 'yes' && String(row['entry_date']) <= String(row['exit_date'] ?? '9999'),
  );
  const pairs = new Map(members.map((row) => [JSON.stringify([row['record_id'], row['school']]), row]));
  return [...pairs.values()].map(({ record_id: record = null, school = null }) => {
    const listed = calendar.filter((row) => row['school'] === school).map((row) => String(row['day']));
    if (listed.length === 0) return { record_id: record, school, first_day: null, marks: null };
    const [first = '', last = ''] = [listed.toSorted()[0], listed.toSorted().at(-1)];
    let marks = '';
    for (let at = Date.parse(first); at <= Date.parse(last); at += 86_400_000) {
      const day = new Date(at).toISOString().slice(0, 10);
      const said = calendar.filter((row) => row['school'] === school && row['day'] === day);
      const enrolled = members.some(
        (row) =>
          row['record_id'] === record &&
          row['school'] === school &&
          String(row['entry_date']) <= day &&
          day <= String(row['exit_date'] ?? '9999'),
      );
      const open = said.length > 0 && said.every((row) => row['in_session'] === 'yes');
      const own = absences.filter((row) => row['record_id'] === record && row['day'] === day);
      const active = students.some((row) => row['record_id'] === record && row['active'] === 'yes');
      if (!enrolled || !open || day > today) marks += '-';
      else marks += own.length > 0 ? marked(own) : silent(feeds, day, active);
    }
    return { record_id: record, school, first_day: first, marks };
  });
}

function silent(feeds: readonly AbsenceFeed[], day: string, active: boolean): string {
  if (feeds.length === 0) return 'n';
  const covering = feeds.filter(({ covers_from, covers_to }) => covers_from <= day && day <= covers_to);
  const holding = covering.filter(({ active_only }) => active || !active_only);
  if (covering.length > 0 && holding.length === 0) return 'x';
  return holding.some(({ exceptions_only }) => exceptions_only) ? 'P' : '?';
}

function marked(own: readonly Given[]): string {
  const said = own.map((row) => {
    const [missed, scheduled] = [row['absent_minutes'], row['scheduled_minutes']];
    if (typeof missed === 'number' && typeof scheduled === 'number' && missed >= 0 && scheduled > 0) {
      if (missed >= scheduled) return 'A';
      if (missed * 2 > scheduled) return 'M';
      if (missed * 2 === scheduled) return 'H';
      return missed > 0 ? 'L' : 'P';
    }
    return row['absent'] === 'yes' ? 'A' : row['absent'] === 'no' ? 'P' : '?';
  });
  const worst = [...'AMHLP'].find((mark) => said.some((each) => each === mark)) ?? '?';
  if (worst === 'A' || !said.includes('?')) return worst;
  return worst === 'M' || worst === 'H' ? worst.toLowerCase() : '?';
}

const someDay = fc.integer({ min: 0, max: 20 }).map(dayOf);
const someRecord = fc.integer({ min: 1, max: 4 }).map(id);
const someSchool = fc.constantFrom('10', '11', '12');
const yesNo = fc.constantFrom('yes', 'yes', 'no', 'unknown');
const feed = fc.record({
  covers_from: someDay,
  covers_to: someDay,
  active_only: fc.boolean(),
  exceptions_only: fc.boolean(),
});
const filled = { grade: '04', race: 'unknown', hispanic: 'unknown', sex: 'unknown', low_income: 'unknown' };
const someStudent = fc.record({ record_id: someRecord, active: yesNo }).map((row) => ({
  ...filled,
  disability: 'unknown',
  english_learner: 'unknown',
  ...row,
}));
const some = fc.record({
  students: fc.array(someStudent, { maxLength: 5 }),
  enrolments: fc.array(
    fc.record({
      record_id: someRecord,
      school: someSchool,
      grade: fc.constant('04'),
      entry_date: someDay,
      exit_date: fc.option(someDay),
      no_show: fc.constantFrom('no', 'no', 'no', 'yes', 'unknown'),
    }),
    { maxLength: 8 },
  ),
  calendar: fc.array(fc.record({ school: fc.constantFrom('10', '11'), day: someDay, in_session: yesNo }), {
    maxLength: 40,
  }),
  absences: fc.array(
    fc.record({
      record_id: someRecord,
      day: someDay,
      absent: fc.constantFrom('yes', 'no', 'unknown', null),
      absent_minutes: fc.constantFrom(null, null, -1, 0, 1, 180, 181, 360, 2_147_483_647),
      scheduled_minutes: fc.constantFrom(360, 0, null),
      excused: fc.constant('unknown'),
    }),
    { maxLength: 15 },
  ),
  feeds: fc.array(feed, { maxLength: 2 }),
  today: someDay,
});

const byText = (rows: readonly Row[] | readonly Given[]) => rows.map((row) => JSON.stringify(row)).sort();

describe('registers', () => {
  it('are what one finds child by child and day by day', async () => {
    await fc.assert(
      fc.asyncProperty(some, async (school) => {
        const { registers } = await registersOf(school);
        expect(byText(registers)).toEqual(byText(expectedRegisters(school)));
      }),
      { numRuns: 60 },
    );
  });

  it('are rows of the table that is written', () => {
    expect(Object.keys(artifactTables.payload.attendance)).toEqual([
      'record_id',
      'school',
      'first_day',
      'marks',
    ]);
  });

  const child = (absences: readonly Given[], over: Partial<School> = {}): School => ({
    students: [
      { ...filled, disability: 'unknown', english_learner: 'unknown', record_id: id(1), active: 'yes' },
    ],
    enrolments: [
      {
        record_id: id(1),
        school: '10',
        grade: '04',
        entry_date: dayOf(1),
        exit_date: dayOf(8),
        no_show: 'no',
      },
    ],
    calendar: [0, 1, 2, 3, 4, 7, 8, 9].map((place) => ({
      school: '10',
      day: dayOf(place),
      in_session: 'yes',
    })),
    absences: absences.map((row) => ({ record_id: id(1), excused: 'unknown', ...row })),
    feeds: [{ covers_from: dayOf(0), covers_to: dayOf(20), active_only: true, exceptions_only: true }],
    today: dayOf(30),
    ...over,
  });
  const lineOf = async (school: School) => (await registersOf(school)).registers[0]?.['marks'];

  it.each<[string, School, string]>([
    ['no row: present on the membership days', child([]), '-PPPP--PP-'],
    [
      'absent, and late',
      child([
        { day: dayOf(2), absent: 'yes' },
        { day: dayOf(3), absent: 'no' },
      ]),
      '-PAPP--PP-',
    ],
    [
      'the worst of two rows',
      child([
        { day: dayOf(2), absent: 'no' },
        { day: dayOf(2), absent: 'yes' },
      ]),
      '-PAPP--PP-',
    ],
    ['a row that says nothing', child([{ day: dayOf(2), absent: 'unknown' }]), '-P?PP--PP-'],
    [
      'on a weekend, before entry and after exit',
      child([5, 0, 9].map((place) => ({ day: dayOf(place), absent: 'yes' }))),
      '-PPPP--PP-',
    ],
    ['a run in the middle of the year', child([], { today: dayOf(3) }), '-PPP------'],
    ['no export of absences', child([], { feeds: [] }), '-nnnn--nn-'],
    [
      'left, and the export lists the active only',
      child([{ day: dayOf(2), absent: 'yes' }], { students: [] }),
      '-xAxx--xx-',
    ],
  ])('%s', async (_, school, line) => expect(await lineOf(school)).toBe(line));

  it('count the days that count for nothing', async () => {
    const stranger = { record_id: id(9), day: dayOf(2), absent: 'yes', excused: 'unknown' };
    const school = child([5, 0, 2].map((place) => ({ day: dayOf(place), absent: 'yes' })));
    const { leftOut } = await registersOf({ ...school, absences: [...school.absences, stranger] });
    expect(leftOut).toEqual([
      { reason: 'not_enrolled', rows: 1 },
      { reason: 'outside_membership', rows: 2 },
    ]);
  });
});
