import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { furtherIdentifiers, type IdentifierColumn, type TableSchema } from '@throughline/core';
import { ident, openSession, type Row, type Session, sql } from '@throughline/engine';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plannedExtract } from '../plan/plan.js';
import { sampleManifest } from '../sample/manifest.fixture.js';
import { conflictsOf, identifiersOf, makeLeftOut, makeSpellings, spacesAmong } from './spaces.js';
import { commonColumns, identityColumns } from './spellings.js';

/** A spelling of a record in one extract: what it knows, and how many rows say so. */
type Said = { readonly rows: number } & Readonly<Partial<Record<IdentifierColumn, string>>>;
type Sayings = { readonly register: boolean; readonly said: readonly Said[] };

let folder: string;
let session: Session;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spaces-'));
  session = await openSession({
    folders: [folder],
    spill: join(folder, 'spill'),
    memory: '300MB',
    threads: 1,
  });
});
afterAll(async () => {
  session.close();
  await rm(folder, { recursive: true });
});

const schema: TableSchema = {
  record_id: 'UUID',
  line: 'BIGINT',
  rows: 'BIGINT',
  test: 'BOOLEAN',
  ...Object.fromEntries(identityColumns.map((column) => [column, 'VARCHAR?'])),
};
const CHILD = '00000000-0000-4000-8000-000000000001';
let spaces = 0;

/** What the records of one child become, by the software. */
async function merged(extracts: readonly Sayings[]): Promise<{ row: Row; conflicts: number }> {
  spaces += 1;
  const planned = extracts.map(({ register }, index) => {
    const manifest = sampleManifest({
      extract: `extract-${index}`,
      records: {
        space: `s${spaces}`,
        key: ['id'],
        identifiers: true,
        one_row_each: register,
        duplicate_free: false,
      },
    });
    const file = { name: manifest.extract } as Parameters<typeof plannedExtract>[1];
    return plannedExtract(manifest, file, spaces * 10 + index);
  });
  for (const [index, { tables }] of planned.entries()) {
    const said = extracts[index]?.said ?? [];
    const columns = [
      said.map(() => CHILD),
      said.map((_each, line) => line + 1),
      said.map(({ rows }) => rows),
      said.map(() => false),
      ...commonColumns.map((column) => said.map((each) => each[column] ?? null)),
      ...furtherIdentifiers.map(() => said.map(() => null)),
    ];
    await session.append('spell', { name: tables.identity, schema }, [columns]);
  }
  const [found] = spacesAmong(planned);
  if (found === undefined) throw new RangeError('merged: a space expected');
  const space = {
    ...found,
    tables: { spellings: `sp_${spaces}`, left_out: `lo_${spaces}`, contested: `co_${spaces}` },
  };
  await makeSpellings(session, space);
  await session.append(
    'contest',
    {
      name: space.tables.contested,
      schema: { record_id: 'UUID?', extract: 'VARCHAR?', everywhere: 'BOOLEAN?' },
    },
    [[[], [], []]],
  );
  await makeLeftOut(session, space, { today: '2026-06-16', withdrawn: [] });
  const rows = await session.rows('merge', identifiersOf([space]));
  expect(rows).toHaveLength(extracts.some(({ said }) => said.length > 0) ? 1 : 0);
  const conflicts = await conflictsOf(session, space);
  const made = [...planned.map(({ tables }) => tables.identity), ...Object.values(space.tables)];
  for (const table of made) await session.run('drop', sql`DROP TABLE ${ident(table)}`);
  return { row: rows[0] ?? {}, conflicts };
}

const GROUPS: readonly (readonly IdentifierColumn[])[] = [
  ['first', 'first_root'],
  ['middle'],
  ['last', 'last_parts'],
  ['birth_date'],
  ['sex'],
  ['street_number', 'street', 'zip'],
  ['phone'],
  ['email'],
  ['guardian'],
  ['state_id'],
  ['district_id'],
];

const several = (values: readonly (string | null | undefined)[]): boolean =>
  new Set(values.filter((value) => value != null)).size > 1;

const contradictory = (said: readonly Said[]): boolean =>
  several(said.map(({ first, first_root }) => first_root ?? first)) ||
  several(said.map(({ sex }) => (sex === 'X' ? null : sex))) ||
  (['last', 'birth_date', 'state_id', 'district_id'] as const).some((column) =>
    several(said.map((each) => each[column])),
  );

/** Code-point order of what is known, column by column; what is not known comes last. */
function before(one: Said, other: Said): number {
  for (const column of commonColumns) {
    const [a, b] = [one[column], other[column]];
    if (a === b) continue;
    if (a === undefined) return 1;
    if (b === undefined) return -1;
    return a < b ? -1 : 1;
  }
  return 0;
}

const sameText = (one: Said, other: Said): boolean => before(one, other) === 0;

function commonest(said: readonly Said[]): Said | undefined {
  const distinct = said.filter((each, index) => said.findIndex((other) => sameText(each, other)) === index);
  const counted = distinct.map((each) => ({
    ...each,
    rows: said.filter((other) => sameText(each, other)).reduce((sum, { rows }) => sum + rows, 0),
  }));
  return counted.sort((a, b) => b.rows - a.rows || before(a, b))[0];
}

/** The same, slowly and plainly. */
function reference(extracts: readonly Sayings[]): Row {
  const told = extracts.flatMap(({ register, said }) => {
    const one = commonest(said);
    return one === undefined ? [] : [{ register, one }];
  });
  const order = told
    .sort(
      (a, b) => Number(b.register) - Number(a.register) || b.one.rows - a.one.rows || before(a.one, b.one),
    )
    .map(({ one }) => one);
  const [leading] = order;
  const from = contradictory(order) && leading !== undefined ? [leading] : order;
  return Object.fromEntries(
    GROUPS.flatMap((group) => {
      const teller = from.find((each) => group.some((column) => each[column] !== undefined));
      return group.map((column): [string, string | null] => [column, teller?.[column] ?? null]);
    }),
  );
}

const maybe = (...values: string[]) => fc.option(fc.constantFrom(...values), { nil: undefined, freq: 2 });
const said = fc.record(
  {
    rows: fc.integer({ min: 1, max: 4 }),
    first: maybe('ANA', 'BEA', 'BOB'),
    first_root: maybe('ROBERT'),
    last: maybe('RUIZ', 'PARK'),
    last_parts: maybe('RUIZ VEGA'),
    birth_date: maybe('2015-03-09', '2015-09-03'),
    sex: maybe('F', 'M', 'X'),
    street_number: maybe('12'),
    street: maybe('ELM ST', 'OAK AVE'),
    zip: maybe('02143', '02155'),
    phone: maybe('6175550100', '6175550101'),
    state_id: maybe('1030000001', '1030000002'),
  },
  { requiredKeys: ['rows'] },
) as fc.Arbitrary<Said>;
const sayings = fc.record({ register: fc.boolean(), said: fc.array(said, { maxLength: 3 }) });
const cells = (row: Row): Row =>
  Object.fromEntries(identityColumns.map((column) => [column, row[column] ?? null]));

describe('the identifiers of a record of several extracts', () => {
  it('are those of the slow reference', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(sayings, { minLength: 2, maxLength: 3 }), async (extracts) => {
        const { row } = await merged(extracts);
        if (extracts.some((each) => each.said.length > 0))
          expect(cells(row)).toEqual(cells(reference(extracts)));
      }),
      { numRuns: 30 },
    );
  });

  it('never join what two children have: all that tells them apart is of spellings that agree', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(sayings, { minLength: 2, maxLength: 3 }), async (extracts) => {
        const { row } = await merged(extracts);
        const all = extracts.flatMap((each) => each.said);
        const telling = ['first', 'last', 'birth_date', 'state_id'] as const;
        const sources = telling.flatMap((column) => {
          const value = row[column];
          return value == null ? [] : [all.filter((each) => each[column] === value)];
        });
        for (const [at, one] of sources.entries())
          for (const other of sources.slice(at + 1))
            expect(one.some((a) => other.some((b) => a === b || !contradictory([a, b])))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('do not depend on the order of the extracts', async () => {
    const distinctly = fc.array(sayings, { minLength: 2, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(distinctly, async (extracts) => {
        expect(cells((await merged(extracts)).row)).toEqual(cells((await merged(extracts.toReversed())).row));
      }),
      { numRuns: 15 },
    );
  });

  const log = (...each: Said[]): Sayings => ({ register: false, said: each });
  const register = (each: Said): Sayings => ({ register: true, said: [each] });
  const ANA = { first: 'ANA', last: 'RUIZ' };

  it.each<[string, readonly Sayings[], Partial<Record<IdentifierColumn, string | null>>, number]>([
    [
      'names in one and birth dates in another',
      [log({ rows: 9, ...ANA }), log({ rows: 1, birth_date: '2015-03-09' })],
      { ...ANA, birth_date: '2015-03-09' },
      0,
    ],
    [
      'twins under one id: no birth date of the other, whatever the sibling has more of',
      [log({ rows: 9, ...ANA }), log({ rows: 1, first: 'BEA', last: 'RUIZ', birth_date: '2015-03-09' })],
      { ...ANA, birth_date: null },
      1,
    ],
    [
      'a chain: two that contradict one another fill no third that fits both',
      [
        log({ rows: 9, first: 'ANA' }),
        log({ rows: 2, ...ANA, phone: '6175550100' }),
        log({ rows: 1, first: 'ANA', last: 'PARK', birth_date: '2015-03-09' }),
      ],
      { first: 'ANA', last: null, birth_date: null, phone: null },
      1,
    ],
    [
      'two birth dates of one id: those of the register, and nothing else of the log',
      [
        log({ rows: 180, ...ANA, birth_date: '2015-09-03', phone: '6175550100' }),
        register({ rows: 1, ...ANA, birth_date: '2015-03-09' }),
      ],
      { ...ANA, birth_date: '2015-03-09', phone: null },
      1,
    ],
    [
      'a nickname and its root are one child',
      [
        register({ rows: 1, first: 'BOB', first_root: 'ROBERT', last: 'PARK' }),
        log({ rows: 5, first: 'ROBERT', last: 'PARK', birth_date: '2015-03-09' }),
      ],
      { first: 'BOB', birth_date: '2015-03-09' },
      1,
    ],
    [
      'a street without its town is not completed from another address',
      [
        register({ rows: 1, ...ANA, zip: '02143' }),
        log({ rows: 5, ...ANA, street_number: '12', street: 'ELM ST', zip: '02155' }),
      ],
      { zip: '02143', street: null, street_number: null },
      1,
    ],
  ])('%s', async (_each, extracts, expected, conflicts) => {
    const found = await merged(extracts);
    expect(found.row).toMatchObject(expected);
    expect(found.conflicts).toBe(conflicts);
  });
});
