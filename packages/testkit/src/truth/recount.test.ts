import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseString } from 'fast-csv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Row } from '../extracts/row.js';
import { readAspen } from '../reading/aspen.js';
import { readWorkbook } from '../reading/workbook.js';
import { generateCity } from '../write/generate-city.js';
import { writeCity } from '../write/write-city.js';

/*
 * Reads back what was written and counts it again, knowing nothing of the generator: days as ISO text, sets
 * instead of walks, and only what the files show.
 */

const namesDir = join(import.meta.dirname, '../../../../fixtures/names');
const folder = mkdtempSync(join(tmpdir(), 'recount-'));
const LAST_DAY = '2026-06-15';
const CHARTER = '4710';

type NamedRow = Readonly<Record<string, string>>;

const named = ([header = [], ...rows]: readonly Row[]): NamedRow[] =>
  rows
    .filter((row) => row.length === header.length)
    .map((row) => Object.fromEntries(header.map((column, index) => [column ?? '', row[index] ?? ''])));

const bytes = (file: string) => readFileSync(join(folder, file));
const district = (file: string) => named(readAspen(bytes(`extracts/district/${file}.csv`)));
const delimited = (file: string) =>
  new Promise<NamedRow[]>((resolve, reject) => {
    const rows: Row[] = [];
    parseString(
      bytes(file)
        .toString('utf8')
        .replace(/^\uFEFF/, ''),
    )
      .on('error', reject)
      .on('data', (row: Row) => rows.push(row))
      .on('end', () => resolve(named(rows)));
  });

const fromAmerican = (text = '') => {
  const [month = '', day = '', year = ''] = text.split('/');
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
};

const into = <T>(map: Map<string, Set<T>>, key: string) => {
  const set = map.get(key) ?? new Set<T>();
  map.set(key, set);
  return set;
};

/** record space and key -> child */
async function people(): Promise<Map<string, string>> {
  const records = await delimited('truth/records.csv');
  return new Map(
    records.map((each) => [
      `${each['partner']} ${each['record_space']} ${each['source_key']}`,
      each['child_id'] ?? '',
    ]),
  );
}

async function sessionDays(): Promise<Map<string, Set<string>>> {
  const days = new Map<string, Set<string>>();
  for (const row of district('calendar')) {
    if (row['in_session'] === '1') into(days, row['school_local_id'] ?? '').add(row['calendar_date'] ?? '');
  }
  for (const row of await delimited('extracts/charter/calendar.csv')) {
    if (row['day.schoolDay'] === '1') into(days, CHARTER).add(fromAmerican(row['day.date']));
  }
  return days;
}

type Enrolment = { child: string; school: string; from: string; to: string; exported: boolean };

async function enrolments(children: Map<string, string>): Promise<Enrolment[]> {
  const active = new Set(
    district('students')
      .filter((row) => row['enrollment_status'] === 'Active')
      .map((row) => row['local_id']),
  );
  const inDistrict = district('enrollments')
    .filter((row) => row['no_show'] === '0')
    .map((row) => ({
      child: children.get(`district student ${row['local_id']}`) ?? '',
      school: row['school_local_id'] ?? '',
      from: row['entry_date'] ?? '',
      to: row['exit_date'] || LAST_DAY,
      exported: active.has(row['local_id']),
    }));
  const inCharter = (await delimited('extracts/charter/enrollments.csv'))
    .filter((row) => row['enrollment.startStatus'] !== 'NS')
    .map((row) => ({
      child: children.get(`charter student ${row['student.studentNumber']}`) ?? '',
      school: CHARTER,
      from: fromAmerican(row['enrollment.startDate']),
      to: row['enrollment.endDate'] === '00000000' ? LAST_DAY : fromAmerican(row['enrollment.endDate']),
      exported: true,
    }));
  return [...inDistrict, ...inCharter].filter(({ child }) => child !== '');
}

async function absences(children: Map<string, string>): Promise<Map<string, Set<string>>> {
  const days = new Map<string, Set<string>>();
  for (const row of district('absences')) {
    const child = children.get(`district student ${row['local_id']}`);
    if (child !== undefined && row['absence'] === '1') into(days, child).add(row['event_date'] ?? '');
  }
  for (const row of await delimited('extracts/charter/attendance.csv')) {
    const child = children.get(`charter student ${row['student.studentNumber']}`);
    const absent = 2 * Number(row['attendance.absentMinutes']) >= Number(row['attendance.scheduledMinutes']);
    if (child !== undefined && absent) into(days, child).add(fromAmerican(row['attendance.date']));
  }
  return days;
}

/** child -> "membership absent status", absent blank where the files cannot show it. */
async function recounted(): Promise<Map<string, string>> {
  const children = await people();
  const inSession = await sessionDays();
  const members = new Map<string, Set<string>>();
  const unseen = new Set<string>();
  for (const { child, school, from, to, exported } of await enrolments(children)) {
    const days = [...(inSession.get(school) ?? [])].filter((day) => from <= day && day <= to);
    for (const day of days) into(members, child).add(day);
    if (!exported && days.length > 0) unseen.add(child);
  }
  const absent = await absences(children);
  return new Map(
    [...members].map(([child, days]) => {
      const missed = [...(absent.get(child) ?? [])].filter((day) => days.has(day)).length;
      return [child, unseen.has(child) ? `${days.size} - unknown` : `${days.size} ${missed} known`];
    }),
  );
}

describe.each([
  ['a first night', { seed: 'recount', students: 400, night: 1 }],
  ['a fourth night', { seed: 21, students: 150, night: 4 }],
])('truth on %s', (_, plan) => {
  beforeAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await writeCity(generateCity({ ...plan, canaries: true, namesDir }), folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is the attendance that a recount of the extracts gives', async () => {
    const counted = await recounted();
    for (const row of await delimited('truth/attendance.csv')) {
      const child = row['child_id'] ?? '';
      const shown = row['status'] === 'unknown' ? '-' : row['absent_days'];
      const truth = `${row['membership_days']} ${shown} ${row['status']}`;
      expect(`${child} ${counted.get(child) ?? '0 0 none'}`).toBe(`${child} ${truth}`);
    }
    const statuses = new Set([...counted.values()].map((each) => each.split(' ')[2]));
    expect(statuses).toEqual(new Set(['known', 'unknown']));
  });

  it('has each trap as its name says', async () => {
    const attendance = new Map(
      (await delimited('truth/attendance.csv')).map((row) => [row['child_id'], row]),
    );
    const seen = new Set<string>();
    for (const { trap = '', child_id } of await delimited('truth/traps.csv')) {
      const row = attendance.get(child_id ?? '');
      seen.add(trap);
      expect(`${row?.['membership_days']} ${row?.['absent_days']} ${row?.['status']}`).toMatch(
        TRAPS[trap] ?? /^$/,
      );
    }
    expect([...seen].sort()).toEqual(Object.keys(TRAPS).sort());
  });

  it('is the afterschool attendance that a recount gives', async () => {
    const children = await people();
    const days = new Map<string, Set<string>>();
    for (const row of await delimited('extracts/afterschool/sessions.csv')) {
      const child = children.get(`afterschool participant ${row['Participant ID']}`);
      if (child !== undefined && row['Attended'] === 'Yes') into(days, child).add(row['Session Date'] ?? '');
    }
    for (const row of await delimited('truth/afterschool.csv')) {
      const count = days.get(row['child_id'] ?? '')?.size ?? 0;
      expect([row['attended_days'], row['attended_any']]).toEqual([String(count), count > 0 ? '1' : '0']);
    }
  });

  it('names a child for every record, once, and the record is there', async () => {
    const records = await delimited('truth/records.csv');
    const keys = records.map((each) => `${each['partner']} ${each['record_space']} ${each['source_key']}`);
    expect(new Set(keys).size).toBe(keys.length);
    const known = new Set((await delimited('truth/children.csv')).map((each) => each['child_id']));
    expect(records.every((each) => known.has(each['child_id']))).toBe(true);
    const written = new Set([
      ...district('students').map((row) => `district student ${row['local_id']}`),
      ...(await delimited('extracts/charter/students.csv')).map(
        (row) => `charter student ${row['student.studentNumber']}`,
      ),
      ...(await delimited('extracts/afterschool/sessions.csv')).map(
        (row) => `afterschool participant ${row['Participant ID']}`,
      ),
      ...lines('extracts/city/success_plans.csv').map((line) => `city plan ${line.split(';')[0]}`),
      ...lines('extracts/health/clinic.psv').map((line) => `health patient ${line.split('|')[0]}`),
      ...lines('extracts/city/recreation_roster.csv').map((_line, index) => `city registration ${index + 1}`),
      ...screeningRows().map((row) => `health screening ${row}`),
    ]);
    expect(keys.filter((key) => !written.has(key) && !key.startsWith('afterschool'))).toEqual([]);
  });

  it('points at the right lines of the roster and the workbook', async () => {
    const children = new Map(
      (await delimited('truth/children.csv')).map((each) => [each['child_id'], each['sex']]),
    );
    const roster = lines('extracts/city/recreation_roster.csv');
    for (const record of await delimited('truth/records.csv')) {
      const key = Number(record['source_key']);
      if (record['record_space'] === 'registration') {
        expect(roster[key - 1]?.split(',')[2]?.slice(0, 1)).toBe(children.get(record['child_id']));
      }
      if (record['record_space'] === 'screening') expect(screeningRows()).toContain(key);
    }
  });
});

/** Membership, absences and status by trap. Movers to and from the charter follow two calendars. */
const TRAPS: Readonly<Record<string, RegExp>> = {
  'tenth-of-the-year': /^180 18 known$/,
  'one-short-of-a-tenth': /^180 17 known$/,
  'never-absent': /^180 0 known$/,
  'five-of-fifty': /^50 5 known$/,
  'four-of-fifty': /^50 4 known$/,
  'nine-days': /^9 1 known$/,
  'ten-days': /^10 1 known$/,
  'nineteen-days': /^19 2 known$/,
  'twenty-days': /^20 2 known$/,
  'twenty-days-one-absence': /^20 1 known$/,
  'left-unexported': /^100 \d+ unknown$/,
  'district-to-charter': /^18[0-2] \d+ unknown$/,
  'charter-to-district': /^18[0-2] \d+ known$/,
  'charter-district-overlap': /^18[0-2] \d+ known$/,
  canary: /^18[02] 4 known$/,
};

const lines = (file: string) => bytes(file).toString('utf8').split(/\r?\n/);

/** Rows of the workbook with a school: title, broken and total rows have none. */
function screeningRows(): number[] {
  const [sheet] = readWorkbook(bytes('extracts/health/vision_van.xlsx'));
  return [...(sheet?.cells ?? [])]
    .filter(([reference, text]) => /^C\d+$/.test(reference) && text !== '' && text !== 'School')
    .map(([reference]) => Number(reference.slice(1)))
    .filter((row) => row > 3);
}
