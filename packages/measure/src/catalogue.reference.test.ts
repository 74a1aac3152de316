import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeListOf, columnsOf, type PayloadTable, payloadCodes, payloadTables } from '@throughline/core';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { measuresOf } from './compile/compile.js';
import type { MeasureConfig } from './config/config.js';
import {
  expectedCertainty,
  expectedComparisons,
  expectedEquity,
  expectedMagnitudes,
  expectedOverlaps,
} from './reference/beside.js';
import { catalogue } from './reference/catalogue.js';
import { type City, id, measuredWhole, type Row, type Tables } from './reference/city.js';
import { EXAMPLE, exampleConfig } from './reference/examples.js';
import { expectedCells } from './reference/reference.js';

/** Every rule of the catalogue at once. */
const asked = exampleConfig(await catalogue());
const config: MeasureConfig = {
  ...asked,
  // Two school systems, of which one sends suspensions; programmes cover the children of both.
  partners: { ...asked.partners, enrolment: ['enrolment', 'charter'], discipline: ['charter'] },
  bands: [
    { name: 'PK-K', grades: ['PK', 'K'] },
    { name: '1-8', grades: ['01', '08'] },
  ],
  dimensions: ['school', 'grade_band', 'sex'],
  two_way: [['grade_band', 'sex']],
};

/** The first and last days of all windows, the days beside them, and referrals with their thirty days. */
const dates = [EXAMPLE.period, ...Object.values(EXAMPLE.windows)]
  .flatMap(({ from, to }) => [from, to])
  .flatMap((day) => [-31, -30, -1, 0, 1, 30, 60].map((days) => shifted(day, days)));
function shifted(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}

const PEOPLE = 40;
const words: Readonly<Record<string, readonly (string | null)[]>> = {
  school: ['1', '2', 'unknown', '9'],
  cohort: ['four_year', 'five_year', 'other'],
  site: ['YMCA', 'Elm', null],
  provider: ['YMCA', 'Elm', 'Clinic', null],
};

/** A row of a payload table with anything that its columns may hold. */
const someRow = (table: PayloadTable) =>
  fc.record(
    Object.fromEntries(
      columnsOf(payloadTables[table])
        .filter(({ name }) => name !== 'record_id')
        .map(({ name, type, nullable }) => {
          const list = codeListOf[name];
          const value: fc.Arbitrary<string | number | null> =
            list !== undefined
              ? fc.constantFrom(...payloadCodes[list])
              : type === 'DATE'
                ? fc.constantFrom(...dates)
                : type === 'INTEGER'
                  ? fc.constantFrom(0, 1, 59, 60, 899, 900, 2699, 2700)
                  : fc.constantFrom(...(words[name] ?? ['a', 'b']));
          return [name, nullable ? fc.option(value, { freq: 6 }) : value];
        }),
    ),
  );

const someChild = fc.record({
  grade: fc.constantFrom('PK', 'K', '01', '08', '12', '12', '13', 'unknown'),
  school: fc.constantFrom('1', '2', '2', 'unknown'),
  sex: fc.constantFrom('F', 'M', 'unknown'),
  entry: fc.constantFrom('2025-08-27', '2025-08-27', '2026-05-20', '2026-06-16'),
  exit: fc.constantFrom(null, null, null, '2026-06-15', '2026-06-14'),
  enrolled: fc.constantFrom(true, true, true, true, false),
  system: fc.constantFrom('enrolment', 'charter'),
  absent: fc.integer({ min: 0, max: 30 }),
  twice: fc.boolean(),
});

const sources = [
  ...new Map(
    measuresOf(config)
      .flatMap(({ needs }) => needs)
      .filter(({ role }) => role !== 'enrolment')
      .map(({ role, table }) => [`${role} ${table}`, { role, table }]),
  ).values(),
];

const someCity = fc.record({
  children: fc.array(someChild, { minLength: PEOPLE, maxLength: PEOPLE }),
  facts: fc.tuple(
    ...sources.map(({ table }) =>
      fc.array(fc.record({ person: fc.integer({ min: 1, max: PEOPLE + 8 }), row: someRow(table) }), {
        minLength: 15,
        maxLength: 60,
        size: 'max',
      }),
    ),
  ),
});
type Draft = typeof someCity extends fc.Arbitrary<infer Value> ? Value : never;

const days = Array.from({ length: 200 }, (_, index) => shifted('2025-08-27', index));
const feed = {
  extract: 'absences',
  payload_table: 'absences',
  rows_in: 1,
  rows_kept: 1,
  active_only: false,
  exceptions_only: true,
  covers_from: '2025-08-27',
  covers_to: '2026-06-15',
};
const unknowns = {
  race: 'unknown',
  hispanic: 'unknown',
  low_income: 'unknown',
  disability: 'unknown',
  english_learner: 'unknown',
};

const systems = ['enrolment', 'charter'];
const recordAt = (system: string, index: number) => id(5_000 * systems.indexOf(system) + index + 1);

/** The first two children are on the rolls of both systems. */
function schoolsOf(children: Draft['children'], system: string): Tables {
  const here = children
    .map((child, index) => ({ ...child, index, own: { record_id: recordAt(system, index) } }))
    .filter(({ system: sent, index }) => sent === system || index < 2);
  return {
    students: here.map(({ own, sex, grade }) => ({ ...own, ...unknowns, sex, grade, active: 'yes' })),
    enrolments: here.flatMap(({ own, index, school, grade, entry, exit, enrolled, twice }) => {
      const row = { ...own, school, grade, entry_date: entry, exit_date: exit, no_show: 'no' };
      return enrolled || index < 2 ? [row, ...(twice ? [{ ...row, school: '1' }] : [])] : [];
    }),
    calendar: ['1', '2'].flatMap((school) => days.map((day) => ({ school, day, in_session: 'yes' }))),
    absences: here.flatMap(({ own, absent }) =>
      days.slice(0, absent + 1).map((day) => ({ ...own, day, absent: 'yes', excused: 'unknown' })),
    ),
    extracts: [feed],
  };
}

/** Two records a person and partner, some of which are linked weakly, and some to nobody. */
function cityOf({ children, facts }: Draft): City {
  const partners: Record<string, Tables> = Object.fromEntries(
    systems.map((system) => [system, schoolsOf(children, system)]),
  );
  const people: Row[] = systems.flatMap((system) =>
    children.map((_, index) => person(system, recordAt(system, index), index + 1)),
  );
  for (const [place, { role, table }] of sources.entries()) {
    const [partner = role] = config.partners[role] ?? [];
    const own = (facts[place] ?? []).map(({ person: number, row }, index) => {
      if (!('record_id' in payloadTables[table])) return row as Row;
      const record = id(10_000 * (place + 1) + 2 * number + (index % 2));
      if (!people.some((each) => each['record_id'] === record)) people.push(person(partner, record, number));
      return { ...row, record_id: record };
    });
    partners[partner] = { ...partners[partner], [table]: own };
  }
  return { partners, people, certainty: people.flatMap(certaintyOf) };
}

/** Of some records nothing has met; some have more doubt than links. */
const certaintyOf = (person: Row, index: number): Row[] =>
  index % 5 === 0
    ? []
    : [
        {
          record_id: person['record_id'] ?? null,
          links: index % 4,
          false_links: (index * 7) % 3,
          missed: (index * 11) % 7,
        },
      ];

const person = (partner: string, record: string, number: number): Row => ({
  record_id: record,
  person_id: id(900_000 + number),
  partner,
  space: 'records',
  basis: ['exact', 'single', 'probable', 'weak'][number % 4] ?? 'exact',
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'catalogue-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Of a pair of rules it does not matter which is called the other. */
const inOrder = (line: Readonly<Record<string, string | number | null>>) =>
  String(line['measure']) < String(line['other'])
    ? line
    : {
        ...line,
        measure: line['other'] ?? null,
        other: line['measure'] ?? null,
        verdict: line['other_verdict'] ?? null,
        other_verdict: line['verdict'] ?? null,
      };

const sorted = (rows: readonly (readonly unknown[])[]) => rows.map((row) => JSON.stringify(row)).sort();

describe('every rule of the catalogue', () => {
  it('counts random cities as the slow reference does, with the same links', async () => {
    let run = 0;
    const linesOf = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(someCity, async (draft) => {
        run += 1;
        const city = cityOf(draft);
        const found = await measuredWhole({ folder: join(folder, String(run)), city, config });
        const expected = expectedCells(city, config);
        expect(
          sorted(
            found.cells.map((cell) => [
              cell.table_name,
              cell.population,
              cell.level_1,
              cell.level_2,
              cell.yes,
              cell.no,
              cell.unknown,
            ]),
          ),
        ).toEqual(
          sorted(
            expected.map((cell) => [
              cell.table_name,
              cell.population,
              cell.level_1,
              cell.level_2,
              cell.yes,
              cell.no,
              cell.unknown,
            ]),
          ),
        );
        expect(
          sorted(
            found.rates.map((rate) => [
              rate['table_name'],
              rate['level_1'],
              rate['level_2'],
              rate['by_exact_links'],
              rate['by_probable_links'],
              rate['by_weak_links'],
            ]),
          ),
        ).toEqual(
          sorted(
            expected.map((cell) => [
              cell.table_name,
              cell.level_1,
              cell.level_2,
              cell.yes_exact,
              cell.yes_probable,
              cell.yes_weak,
            ]),
          ),
        );
        const { overlaps, magnitudes, equity, expectedLinks, comparisons } = found.beside;
        const toFour = (line: Readonly<Record<string, string | number | null>>) =>
          Object.fromEntries(
            Object.entries(line).map(([name, value]) => [
              name,
              typeof value === 'number' ? Math.round(value * 10_000) / 10_000 : value,
            ]),
          );
        const pairs = [
          ['overlaps', overlaps.map(inOrder), expectedOverlaps(city, config).map(inOrder)],
          ['magnitudes', magnitudes, expectedMagnitudes(city, config)],
          ['equity', equity, expectedEquity(city, config)],
          ['expected links', expectedLinks.map(toFour), expectedCertainty(city, config)],
          ['comparisons', comparisons, expectedComparisons(city, config)],
        ] as const;
        for (const [kind, measured, slow] of pairs) {
          linesOf.set(kind, (linesOf.get(kind) ?? 0) + slow.length);
          const columns = Object.keys(slow[0] ?? {});
          const only = (lines: readonly Readonly<Record<string, unknown>>[]) =>
            sorted(lines.map((line) => columns.map((column) => line[column] ?? null)));
          expect(only(measured)).toEqual(only(slow));
        }
      }),
      { numRuns: 3, endOnFailure: true },
    );
    // A city may have no child of whom both an outcome and a service are known; not all of them.
    expect([...linesOf].filter(([, lines]) => lines === 0)).toEqual([]);
  });
});
