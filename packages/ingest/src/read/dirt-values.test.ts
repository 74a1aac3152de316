import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from '@throughline/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { field, key, sampleManifest } from '../sample/manifest.fixture.js';
import { accountingIn, askIn, takeIn } from '../sample/run.fixture.js';

type Over = Parameters<typeof sampleManifest>[0];
const NAMES = [
  field('last', { treatment: ['link'], identifier: 'last' }),
  field('first', { treatment: ['link'], identifier: 'first' }),
];

/** Values of a column and what becomes of each: what is read of it, or the note that counts it. */
type Values = readonly (readonly [text: string, becomes: string | null])[];

const birth: Values = [
  ['3/9/2015', '2015-03-09'],
  ['02/29/2016', '2016-02-29'],
  ['02/29/2015', null],
  ['25/12/2015', null],
  ['3/9/15', null],
  ['2015-03-09', null],
  ['42072', null],
  ['1/1/1900', null],
  ['01/01/YYYY', null],
  ['12/31/9999', null],
  ['3/9/2105', null],
  ['2/31/2015', null],
  ['2000-13-01', null],
  ['3/9/2015 0:00', null],
  ['00000000', null],
];
const ids: Values = [
  ['004101', '004101'],
  ['4101', '004101'],
  [' 4101 ', '004101'],
  ['4.10E+03', null],
  ['4,101', null],
  ['4101.0', '004101'],
  ['S4101', null],
  ['WA', null],
  ['1234567', null],
  ['999-99-9999', null],
];
const grades: Values = [
  ['K', 'K'],
  ['KF', 'K'],
  ['00', 'K'],
  ['-1', 'PK'],
  ['EE', 'PK'],
  ['7', '07'],
  ['07', '07'],
  ['Kindergarden', null],
  ["'; DROP TABLE rows--", null],
];
const nothing: Values = [
  '',
  'NULL',
  '\\N',
  'N/A',
  'NA',
  '.',
  '-',
  'UNK',
  '00000000',
  'NMN',
  'FNU',
  'LNU',
  'Unknown',
  ' ',
].map((word) => [word, null]);

describe('values', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dirt-'));
    const table = (values: Values, more: (index: number) => string) =>
      `id,x,last,first\n${values.map(([text], index) => `${index + 1},"${text}",${more(index)}\n`).join('')}`;
    const nameOf = (index: number) => `Ruiz${String.fromCharCode(65 + index)},Ana`;
    const manifest = (extract: string, over: Parameters<typeof field>[1], more: Over = {}) =>
      sampleManifest({
        extract,
        payload_table: null,
        records: { space: extract, key: ['id'], identifiers: true, one_row_each: true, duplicate_free: true },
        fields: [key, field('x', over), ...NAMES],
        limits: { rejected_share: 1, unmapped_share: 1, few: 0, unfilled: 1 },
        ...more,
      });
    await takeIn(folder, {
      manifests: [
        manifest('births', {
          type: 'date',
          format: ['%m/%d/%Y'],
          treatment: ['link'],
          identifier: 'birth_date',
        }),
        manifest('ids', {
          type: 'id',
          pattern: 'digits',
          width: 6,
          treatment: ['link'],
          identifier: 'district_id',
        }),
        manifest(
          'nulls',
          { treatment: ['link'], identifier: 'first' },
          {
            nulls: ['', 'NULL', '\\N', 'N/A', 'NA', '.', '-', 'UNK', '00000000', 'NMN', 'FNU', 'LNU'],
            fields: [
              key,
              field('x', { treatment: ['link'], identifier: 'first' }),
              NAMES[0] ?? key,
              field('first'),
            ],
          },
        ),
        manifest(
          'grades',
          {
            type: 'code',
            codes: { K: 'K', KF: 'K', '00': 'K', '-1': 'PK', EE: 'PK', '7': '07', '07': '07' },
            treatment: ['keep'],
            column: 'grade',
          },
          { payload_table: 'students' },
        ),
      ],
      extracts: {
        births: table(birth, nameOf),
        ids: table(ids, nameOf),
        nulls: table(nothing, nameOf),
        grades: table(grades, nameOf),
      },
    });
  });
  afterAll(() => rm(folder, { recursive: true }));

  const identifiers = async (space: string, column: 'birth_date' | 'district_id' | 'first') => {
    const rows = await askIn(folder)(
      ({ identifiers: table }) =>
        sql`SELECT last, birth_date, district_id, first FROM ${table('identifiers')} WHERE space = ${space} ORDER BY last`,
    );
    return rows.map((row) => row[column]);
  };

  it.each([
    ['B4.4 dates', 'births', 'birth_date', birth],
    ['B4.5 ids', 'ids', 'district_id', ids],
    ['B4.3 nulls', 'nulls', 'first', nothing],
  ] as const)('%s: each is read as declared or set aside, never guessed', async (_, space, column, values) => {
    expect(await identifiers(space, column)).toEqual(values.map(([, becomes]) => becomes));
  });

  it('B4.8 codes: each is one of ours or unknown and counted', async () => {
    const rows = await askIn(folder)(
      ({ payload }) => sql`SELECT grade, count(*) AS n FROM ${payload('students')} GROUP BY 1 ORDER BY 1`,
    );
    expect(rows.map((row) => `${row['grade']} ${row['n']}`)).toEqual(['07 2', 'K 3', 'PK 2', 'unknown 2']);
  });

  it('every row and every value set aside is counted', async () => {
    const lines = await accountingIn(folder);
    for (const [extract, values] of [
      ['births', birth],
      ['ids', ids],
      ['nulls', nothing],
      ['grades', grades],
    ] as const) {
      expect(lines).toContain(`${extract} kept kept ${values.length}`);
    }
    expect(lines).toContain('grades noted unmapped_code:x 2');
    expect(lines.find((line) => line.startsWith('births noted bad_date:x'))).toBeDefined();
    expect(lines.find((line) => line.startsWith('ids noted repaired:x'))).toBeDefined();
  });
});
