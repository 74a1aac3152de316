import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from '@throughline/engine';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workbookOf } from '../sample/archive.fixture.js';
import { deliveries } from '../sample/delivered.fixture.js';
import { extractOf, memoryScratch } from '../sample/extract.fixture.js';
import { field, key, sampleManifest } from '../sample/manifest.fixture.js';
import { accountingIn, askIn, takeIn } from '../sample/run.fixture.js';
import { readExtract } from './read-extract.js';

const NAMES = [
  field('last', { treatment: ['link'], identifier: 'last' }),
  field('first', { treatment: ['link'], identifier: 'first' }),
];
const wide = (over: Parameters<typeof sampleManifest>[0] = {}) =>
  sampleManifest({
    unpivot: { heading: 'day', cell: 'came', empty: 'left-out' },
    fields: [
      key,
      ...NAMES,
      field('day', { type: 'date', format: ['%m/%d/%Y', '%Y-%m-%d'], treatment: ['keep'], column: 'day' }),
      field('came', {
        type: 'code',
        codes: { P: 'yes', A: 'no' },
        treatment: ['keep'],
        column: 'attended',
      }),
      field('total', { optional: true }),
    ],
    ...over,
  });

const delivered = deliveries();

async function read(text: string, manifest = wide()) {
  const scratch = memoryScratch();
  const tally = await readExtract(extractOf(text), manifest, scratch);
  return { text: scratch.text(), tally };
}

describe('a sheet with a column a day', () => {
  it('becomes a row for each cell, with its heading, on the line of the sheet', async () => {
    const sheet = 'id,last,9/22/2025,first,9/23/2025,total\n1,Ruiz,P,Ana,,1\n"2","Pa,rk",A,Bo,P,1\n3,Lee,P\n';
    const { text, tally } = await read(sheet);
    expect(text.split('\n')).toEqual([
      '2,1,Ruiz,Ana,9/22/2025,P',
      '2,1,Ruiz,Ana,9/23/2025,',
      '3,2,"Pa,rk",Bo,9/22/2025,A',
      '3,2,"Pa,rk",Bo,9/23/2025,P',
      '',
    ]);
    expect(tally).toMatchObject({ rows: 5, rejected: [{ line: 4, reason: 'field_count' }] });
  });

  it('accounts for every cell, whatever the sheet', async () => {
    const cell = fc.constantFrom('', 'P', 'A', '?', '"x\ny"', 'a,b');
    const sheets = fc
      .record({ days: fc.integer({ min: 1, max: 9 }), lines: fc.integer({ min: 0, max: 9 }) })
      .chain(({ days, lines }) =>
        fc.array(fc.array(cell, { minLength: days, maxLength: days }), {
          minLength: lines,
          maxLength: lines,
        }),
      )
      .filter((rows) => rows.length > 0);
    await fc.assert(
      fc.asyncProperty(sheets, async (rows) => {
        const days = rows[0]?.map((_, at) => `9/${at + 1}/2025`) ?? [];
        const lines = rows.map((cells, at) => [
          `${at}`,
          'Ruiz',
          'Ana',
          ...cells.map((each) => `"${each.replaceAll('"', '')}"`),
        ]);
        const { text, tally } = await read(
          [['id', 'last', 'first', ...days], ...lines].map((each) => each.join(',')).join('\n'),
        );
        expect(tally.rows).toBe(rows.length * days.length);
        expect(text.split('\n').length - 1).toBe(tally.rows);
      }),
      { numRuns: 60 },
    );
  });

  const days = { format: { type: 'workbook', sheet: 'S', header_row: 1, closing: 'TOTAL' } } as const;
  const book = workbookOf([
    {
      name: 'S',
      rows: [
        ['id', 'last', 'first', { day: 45922 }, { day: 45923 }],
        ['1', 'Ruiz', 'Ana', 'P', null],
        ['TOTAL', null, null, '1', null],
      ],
    },
  ]);

  it('is read from a workbook too, whose headings are days', async () => {
    const { text, tally } = await delivered.read(book, wide(days));
    expect(text).toBe('2,1,Ruiz,Ana,2025-09-22,P\n2,1,Ruiz,Ana,2025-09-23,\n');
    expect(tally.rows).toBe(2);
  });

  it.each<[string, string, string, object]>([
    ['has no day', 'id,last,first\n', 'HEADER_MISSING_COLUMN', { columns: ['day'] }],
    [
      'has a day twice',
      'id,last,first,9/22/2025,2025-09-22\n',
      'HEADER_DUPLICATE_COLUMN',
      { positions: ['5 (E)'] },
    ],
    [
      'has a day that is not covered, which may be a birth date',
      'id,last,first,9/22/2025,3/9/2015\n',
      'HEADER_UNKNOWN_COLUMN',
      { count: 1, positions: ['5 (E)'] },
    ],
    [
      'has a day that there is not',
      'id,last,first,9/31/2025\n',
      'HEADER_UNKNOWN_COLUMN',
      { positions: ['4 (D)'] },
    ],
  ])('is refused if it %s', async (_, text, code, details) => {
    await expect(read(text)).rejects.toMatchObject({ code, details });
  });
});

describe('the intake of a sheet with a column a day', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'unpivot-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const SHEET = 'id,last,first,9/22/2025,9/23/2025\n1,Ruiz,Ana,P,\n2,Park,Bo,A,?\n,Lee,Cy,P,\n';

  it('keeps the cells that say something and counts the others', async () => {
    await takeIn(folder, { manifests: [wide()], extracts: { sessions: SHEET } });
    expect((await accountingIn(folder)).join('\n')).toMatchInlineSnapshot(`
      "sessions excluded empty_cell 2
      sessions kept kept 3
      sessions noted unmapped_code:came 1
      sessions rejected missing_key 1"
    `);
    const rows = await askIn(folder)(
      ({ payload }) =>
        sql`SELECT concat_ws(' ', day, attended) AS row FROM ${payload('sessions')} ORDER BY 1`,
    );
    expect(rows.map(({ row }) => row)).toEqual(['2025-09-22 no', '2025-09-22 yes', '2025-09-23 unknown']);
  });

  it('keeps the empty ones as unknown where the manifest says so', async () => {
    const manifest = wide({ unpivot: { heading: 'day', cell: 'came', empty: 'unknown' } });
    const other = join(folder, 'unknown');
    await takeIn(other, { manifests: [manifest], extracts: { sessions: SHEET } });
    const [row] = await askIn(other)(
      ({ payload }) =>
        sql`SELECT count(*) FILTER (attended = 'unknown') AS unknown FROM ${payload('sessions')}`,
    );
    expect(Number(row?.['unknown'])).toBe(2);
  });

  it.each<[string, Parameters<typeof sampleManifest>[0], RegExp]>([
    ['in a format without a header', { format: { type: 'hl7' } }, /only a file with a header/],
    [
      'of records without a key',
      {
        records: {
          space: 'participant',
          key: [],
          identifiers: true,
          one_row_each: false,
          duplicate_free: false,
        },
      },
      /need a key/,
    ],
    [
      'whose heading is no date',
      { unpivot: { heading: 'came', cell: 'day', empty: 'unknown' } },
      /of type date/,
    ],
    [
      'whose cell nobody reads',
      { unpivot: { heading: 'day', cell: 'total', empty: 'unknown' } },
      /no field of this name is read/,
    ],
  ])('is refused as a manifest: %s', (_, over, rule) => {
    expect(() => wide(over)).toThrow(rule);
  });
});
