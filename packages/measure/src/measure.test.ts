import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFINITIONS_FILE, measureDefinitions } from '@throughline/core';
import { runStage } from '@throughline/engine';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type MeasuresInput, measureStage } from './index.js';
import { type City, id, measured, type Row, requestFor, type Tables, whole } from './reference/city.js';

const config: MeasuresInput = {
  period: { from: '2025-09-01', to: '2026-06-15' },
  snapshot: '2025-10-01',
  bands: [{ name: '1-5', grades: ['04'] }],
  dimensions: ['school', 'grade_band', 'sex'],
  two_way: [['school', 'sex']],
  measures: [
    { measure: 'chronic_absence', preset: 'ma' },
    { measure: 'chronic_absence', preset: 'edu' },
    { measure: 'afterschool_participation', preset: 'any_session' },
  ],
  partners: { enrolment: ['district'], afterschool: ['clubs'] },
};

const numbers = Array.from({ length: 80 }, (_, index) => index + 1);
const days = Array.from({ length: 180 }, (_, index) =>
  new Date(Date.UTC(2025, 8, 1) + index * 86_400_000).toISOString().slice(0, 10),
);
const unknowns = Object.fromEntries(
  ['race', 'hispanic', 'low_income', 'disability', 'english_learner', 'excused'].map((each) => [
    each,
    'unknown',
  ]),
);
const own = (number: number): Row => ({
  ...unknowns,
  record_id: id(number),
  grade: '04',
  school: String(number % 7),
});
const feed = {
  extract: 'district-absences',
  payload_table: 'absences',
  rows_in: 9,
  rows_kept: 9,
  active_only: true,
  exceptions_only: true,
};

const district: Tables = {
  students: numbers.map((number) => ({ ...own(number), sex: number % 2 === 0 ? 'F' : 'M', active: 'yes' })),
  enrolments: numbers.map((number) => ({
    ...own(number),
    entry_date: '2025-09-01',
    exit_date: null,
    no_show: 'no',
  })),
  calendar: [0, 1, 2, 3, 4, 5, 6].flatMap((school) =>
    days.map((day) => ({ school: String(school), day, in_session: 'yes' })),
  ),
  absences: numbers.flatMap((number) =>
    days.slice(0, number % 40).map((day) => ({ ...own(number), day, absent: 'yes' })),
  ),
  extracts: [{ ...feed, covers_from: '2025-09-01', covers_to: '2026-06-15' }],
};
const clubs: Tables = {
  sessions: numbers.map((number) => ({
    record_id: id(1000 + number),
    status: 'enrolled',
    day: '2025-10-01',
    attended: number % 3 === 0 ? 'yes' : 'no',
  })),
};
const city: City = {
  partners: { district, clubs },
  people: numbers.flatMap((number) => [
    { record_id: id(number), person_id: id(5000 + number), partner: 'district', space: 's', basis: 'exact' },
    {
      record_id: id(1000 + number),
      person_id: id(5000 + number),
      partner: 'clubs',
      space: 'p',
      basis: 'exact',
    },
  ]),
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'measure-'));
});
afterEach(() => rm(folder, { recursive: true }));

const failing = async (partners: City['partners'], over: object = {}) =>
  runStage(
    { ...measureStage, governs: () => [] },
    await requestFor(folder, { ...city, partners }, { ...(await whole(config)), ...over }),
  );

describe('the measure stage', () => {
  it('gives equal bytes on one thread and on two', async () => {
    const one = await measured({ folder: join(folder, 'one'), city, config });
    const two = await measured({ folder: join(folder, 'two'), city, config, threads: 2 });
    expect(two.identity).toBe(one.identity);
    expect(one.cells.find(({ table_name }) => table_name === 'chronic_absence_ma.total')).toMatchObject({
      yes: 44,
      no: 36,
      unknown: 0,
    });
  });

  it('sends the words of its measures along with the cells', async () => {
    const { cells } = await measured({ folder, city, config });
    const text = await readFile(join(folder, 'desk', 'measures', DEFINITIONS_FILE), 'utf8');
    const names = measureDefinitions.parse(JSON.parse(text)).map(({ name }) => name);
    expect(names.toSorted()).toEqual([...new Set(cells.map(({ measure }) => measure))].toSorted());
  });

  it.each([
    'students',
    'enrolments',
    'calendar',
    'absences',
  ] as const)('refuses an empty table of %s', async (table) => {
    await expect(failing({ district: { ...district, [table]: [] }, clubs })).rejects.toMatchObject({
      code: 'COVERAGE_GAP',
      details: { table, partners: ['district'] },
    });
  });

  it('refuses an absences extract that kept no row, though another did', async () => {
    const empty = { ...district.extracts?.[0], extract: 'autumn', rows_kept: 0 };
    const extracts = [...(district.extracts ?? []), empty];
    await expect(failing({ district: { ...district, extracts }, clubs })).rejects.toMatchObject({
      code: 'COVERAGE_GAP',
      details: { extracts: ['autumn'] },
    });
  });

  it('refuses a partner without payload', async () => {
    await expect(failing({ district })).rejects.toMatchObject({
      code: 'ARTIFACT_MISSING',
      details: { kind: 'payload', partner: 'clubs' },
    });
  });

  it('refuses a configuration that asks for what it does not know', async () => {
    await expect(failing({ district, clubs }, { period: {} })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    });
  });
});
