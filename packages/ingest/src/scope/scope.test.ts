import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FieldManifest } from '@throughline/agreement';
import { ThroughlineError } from '@throughline/core';
import { sha256Of } from '@throughline/engine';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { field, key, sampleManifest } from '../sample/manifest.fixture.js';
import { takeIn } from '../sample/run.fixture.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scope-'));
});
afterEach(() => rm(folder, { recursive: true }));

type Scope = Partial<FieldManifest['scope']>;
type Manifest = Parameters<typeof sampleManifest>[0];
const records = (identifiers: boolean) => ({
  space: 'student',
  key: ['id'],
  identifiers,
  one_row_each: false,
  duplicate_free: true,
});
const date = (name: string, column: string) =>
  field(name, { type: 'date', format: ['%Y-%m-%d'], treatment: ['keep'], column });
const code = (name: string, column: string, codes: Record<string, string>) =>
  field(name, { type: 'code', codes, treatment: ['keep'], column });
const yesNo = { Y: 'yes', N: 'no' };
const scoped = (scope: Scope) => ({
  covers_from: '2025-09-01',
  covers_to: '2026-06-30',
  active_only: false,
  exceptions_only: true,
  ...scope,
});

function school(scopes: Readonly<Record<string, Scope>> = {}): FieldManifest[] {
  const of = (extract: string, over: Manifest) =>
    sampleManifest({ extract, scope: scoped({ exceptions_only: false, ...scopes[extract] }), ...over });
  return [
    of('students', {
      records: records(true),
      payload_table: 'students',
      fields: [
        key,
        field('last', { treatment: ['link'], identifier: 'last' }),
        field('state', { type: 'id', treatment: ['link'], identifier: 'state_id' }),
        code('active', 'active', yesNo),
      ],
    }),
    of('enrolments', {
      records: records(false),
      payload_table: 'enrolments',
      fields: [
        key,
        field('school', { treatment: ['keep'], column: 'school' }),
        date('from', 'entry_date'),
        date('to', 'exit_date'),
      ],
    }),
    of('calendar', {
      records: null,
      payload_table: 'calendar',
      fields: [
        field('school', { treatment: ['keep'], column: 'school' }),
        date('day', 'day'),
        code('open', 'in_session', yesNo),
      ],
    }),
    of('absences', {
      records: records(false),
      payload_table: 'absences',
      scope: scoped(scopes['absences'] ?? {}),
      fields: [key, date('day', 'day'), code('absent', 'absent', yesNo)],
    }),
  ];
}

const CHILDREN = Array.from({ length: 60 }, (_, at) => String(1001 + at));
const DAYS = Array.from({ length: 40 }, (_, at) =>
  new Date(Date.parse('2025-10-01') + at * 86_400_000).toISOString().slice(0, 10),
);
const table = (header: string, rows: readonly (readonly string[])[]) =>
  `${[header, ...rows.map((row) => row.join(','))].join('\n')}\n`;

/** Of the children every third has left after 30 of 40 days; each misses every eighth day of its own. */
const hasLeft = (at: number) => at % 3 === 0;
const misses = (child: number, day: number) => (child + day) % 8 === 0 && !(hasLeft(child) && day >= 30);
type Told = 'exceptions' | 'exceptions of those who stay' | 'every day';

function delivered(told: Told, over: Readonly<Record<string, string>> = {}): Record<string, string> {
  const rows = CHILDREN.flatMap((id, child) =>
    DAYS.flatMap((day, at): string[][] => {
      const enrolled = !(hasLeft(child) && at >= 30);
      if (told === 'every day') return enrolled ? [[id, day, misses(child, at) ? 'Y' : 'N']] : [];
      if (told === 'exceptions of those who stay' && hasLeft(child)) return [];
      return misses(child, at) ? [[id, day, 'Y']] : [];
    }),
  );
  return {
    students: table(
      'id,last,state,active',
      CHILDREN.map((id, at) => [id, `Name${'abcdefghij'[at % 10]}`, `S${id}`, hasLeft(at) ? 'N' : 'Y']),
    ),
    enrolments: table(
      'id,school,from,to',
      CHILDREN.map((id, at) => [id, '10', '2025-09-02', hasLeft(at) ? (DAYS[29] ?? '') : '']),
    ),
    calendar: table(
      'school,day,open',
      DAYS.map((day) => ['10', day, 'Y']),
    ),
    absences: table('id,day,absent', rows),
    ...over,
  };
}

/** Runs of one test that must not know of one another have places of their own. */
type Handing = {
  place?: string;
  scopes?: Readonly<Record<string, Scope>>;
  extracts: Record<string, string>;
};

/** What the delivery is held for, without counts; empty if it is taken in. */
async function reasons({ place = 'only', scopes = {}, extracts }: Handing, accepted = {}): Promise<string[]> {
  try {
    await takeIn(join(folder, place), { manifests: school(scopes), extracts, accepted });
    return [];
  } catch (thrown) {
    if (!(thrown instanceof ThroughlineError) || thrown.code !== 'ARRIVAL_HELD') throw thrown;
    const found = thrown.details['reasons'];
    return Array.isArray(found) ? found.map((each) => String(each).split(':')[0] ?? '') : [];
  }
}

describe('a scope that is as declared', () => {
  it.each<[string, Told, Scope]>([
    ['exceptions of everybody', 'exceptions', {}],
    ['exceptions of the active', 'exceptions of those who stay', { active_only: true }],
    ['every day of everybody', 'every day', { exceptions_only: false }],
  ])('%s', async (_, told, absences) => {
    expect(await reasons({ scopes: { absences }, extracts: delivered(told) })).toEqual([]);
  });
});

describe('a file that is too small', () => {
  it('is said to be: nobody can tell whether those who left are in it', async () => {
    const few = new Set(CHILDREN.slice(0, 6));
    const small = Object.fromEntries(
      Object.entries(delivered('exceptions of those who stay')).map(([name, text]) => [
        name,
        text
          .split('\n')
          .filter((line, at) => at === 0 || name === 'calendar' || few.has(line.split(',')[0] ?? ''))
          .join('\n'),
      ]),
    );
    const warned = async (place: string, extracts: Record<string, string>) =>
      (await takeIn(join(folder, place), { manifests: school(), extracts })).flatMap((event) =>
        event.event === 'warning' ? [event.about] : [],
      );
    expect(await warned('small', small)).toEqual(['scope-too-few-to-tell']);
    expect(await warned('whole', delivered('exceptions'))).toEqual([]);
  });
});

describe('a scope that the rows contradict', () => {
  it.each<[string, Told, Scope, string]>([
    ['active children only, declared to be all', 'exceptions of those who stay', {}, 'active_only absences'],
    ['everybody, declared to be active only', 'exceptions', { active_only: true }, 'active_only absences'],
    ['every day, declared to be exceptions', 'every day', {}, 'exceptions_only absences'],
    [
      'exceptions, declared to be every day',
      'exceptions',
      { exceptions_only: false },
      'exceptions_only absences',
    ],
  ])('%s', async (_, told, absences, reason) => {
    expect(await reasons({ scopes: { absences }, extracts: delivered(told) })).toEqual([reason]);
  });

  it('the current year only, and one row an enrolment', async () => {
    const earlier = table(
      'id,school,from,to',
      CHILDREN.flatMap((id) => [
        [id, '10', '2024-09-02', ''],
        [id, '10', '2025-09-02', ''],
      ]),
    );
    const extracts = delivered('exceptions', { enrolments: earlier });
    const whole = { current_year_only: false, one_row_per_enrolment: false };
    expect(await reasons({ place: 'whole', scopes: { enrolments: whole }, extracts })).toEqual([]);
    const narrow = { current_year_only: true, one_row_per_enrolment: true };
    expect(await reasons({ place: 'narrow', scopes: { enrolments: narrow }, extracts })).toEqual([
      'current_year_only enrolments',
      'one_row_per_enrolment enrolments',
    ]);
    expect(await reasons({ scopes: { enrolments: whole }, extracts: delivered('exceptions') })).toEqual([
      'current_year_only enrolments',
    ]);
  });

  it('days that the manifest does not cover, as after the summer', async () => {
    const absences = { covers_from: '2026-09-01', covers_to: '2027-06-30' };
    expect(await reasons({ scopes: { absences }, extracts: delivered('exceptions') })).toContain(
      'covers absences',
    );
  });

  it('one value in an identifying number', async () => {
    const students = delivered('exceptions')['students']?.replaceAll(/S1\d{3}/g, 'WA') ?? '';
    expect(await reasons({ extracts: delivered('exceptions', { students }) })).toEqual([
      'same_value student.state_id',
    ]);
  });
});

describe('a delivery beside the last one', () => {
  /** Everything about the children who have left is gone, as in an export of the active. */
  const ofTheActive = (): Record<string, string> => {
    const gone = new Set(CHILDREN.filter((_, at) => hasLeft(at)));
    return Object.fromEntries(
      Object.entries(delivered('exceptions')).map(([name, text]) => [
        name,
        text
          .split('\n')
          .filter((line) => !gone.has(line.split(',')[0] ?? ''))
          .join('\n'),
      ]),
    );
  };

  it('lacks those who left: they are gone, none has turned inactive', async () => {
    expect(await reasons({ extracts: delivered('exceptions') })).toEqual([]);
    const held = await reasons({ extracts: ofTheActive() });
    expect(held).toEqual(
      expect.arrayContaining([
        'gone student',
        'rows students',
        'code students.active.no',
        'active_only students',
      ]),
    );
  });

  it('is taken in as it is if these very bytes were accepted', async () => {
    await reasons({ extracts: delivered('exceptions') });
    const extracts = ofTheActive();
    const accepted = Object.fromEntries(
      Object.entries(extracts).map(([name, text]) => [name, sha256Of(text)]),
    );
    expect(await reasons({ extracts }, { ...accepted, absences: sha256Of('other') })).not.toEqual([]);
    expect(await reasons({ extracts }, accepted)).toEqual([]);
    expect(await reasons({ extracts })).toEqual([]);
  });
});
