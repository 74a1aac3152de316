import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from '@throughline/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { field, sampleManifest } from './sample/manifest.fixture.js';
import { accountingIn, askIn, takeIn } from './sample/run.fixture.js';

/** Values as they come, each with what must become of it: the declared outcome of the catalogue of dirt. */
type Dirt = {
  readonly what: string;
  /** Columns that differ from those of an ordinary child. */
  readonly row: Readonly<Record<string, string>>;
  /** Why the row is rejected; otherwise it is kept. */
  readonly rejected?: string;
  /** Identifiers of the record afterwards, in normal form. */
  readonly becomes?: Readonly<Record<string, string | null>>;
  /** `reason:column`, as it is counted. */
  readonly noted?: readonly string[];
};

const ORDINARY = {
  last: 'Alvarez',
  first: 'Ana',
  middle: 'Maria',
  born: '3/9/2016',
  state: '1002003004',
  zip: '02143',
  phone: '617-555-2143',
  address: '12 Elm St',
  sex: 'F',
  grade: '04',
};
const NULLS = ['', 'NULL', '\\N', 'N/A', 'NA', '.', '-', 'UNK', 'Unknown', '00000000', '999-99-9999'];

const catalogue: readonly Dirt[] = [
  {
    what: 'an ordinary child',
    row: {},
    becomes: { last: 'ALVAREZ', first: 'ANA', birth_date: '2016-03-09' },
  },
  ...NULLS.map((word) => ({
    what: `nothing is known, written ${JSON.stringify(word)}`,
    row: { born: word, state: word, phone: word },
    becomes: { birth_date: null, state_id: null, phone: null },
  })),
  {
    what: 'no middle name, NMN',
    row: { middle: 'NMN' },
    becomes: { middle: null },
    noted: ['placeholder:middle'],
  },
  {
    what: 'first name unknown, FNU',
    row: { first: 'FNU' },
    becomes: { first: null },
    noted: ['placeholder:first'],
  },
  {
    what: 'last name unknown, LNU',
    row: { last: 'LNU' },
    becomes: { last: null },
    noted: ['placeholder:last'],
  },
  { what: 'a newborn', row: { first: 'BABY BOY' }, becomes: { first: null }, noted: ['placeholder:first'] },
  {
    what: 'born 1/1/1900',
    row: { born: '1/1/1900' },
    becomes: { birth_date: null },
    noted: ['placeholder:born'],
  },
  {
    what: 'an identifying number of nines',
    row: { state: '9999999999' },
    becomes: { state_id: null },
    noted: ['placeholder:state'],
  },
  {
    what: 'the number 1234567890',
    row: { state: '1234567890' },
    becomes: { state_id: null },
    noted: ['placeholder:state'],
  },
  {
    what: 'day and month exchanged',
    row: { born: '13/09/2016' },
    becomes: { birth_date: null },
    noted: ['bad_date:born'],
  },
  {
    what: 'a year of two digits',
    row: { born: '3/9/16' },
    becomes: { birth_date: null },
    noted: ['bad_date:born'],
  },
  {
    what: 'the serial number of a spreadsheet',
    row: { born: '42438' },
    becomes: { birth_date: null },
    noted: ['bad_date:born'],
  },
  {
    what: 'a time stamp with a zone',
    row: { born: '2016-03-09T00:00:00Z' },
    becomes: { birth_date: null },
    noted: ['bad_date:born'],
  },
  { what: '29 February', row: { born: '2/29/2016' }, becomes: { birth_date: '2016-02-29' } },
  {
    what: '29 February of another year',
    row: { born: '2/29/2015' },
    becomes: { birth_date: null },
    noted: ['bad_date:born'],
  },
  { what: 'a month 13', row: { born: '13/1/2010' }, becomes: { birth_date: null }, noted: ['bad_date:born'] },
  {
    what: '31 February',
    row: { born: '2/31/2010' },
    becomes: { birth_date: null },
    noted: ['bad_date:born'],
  },
  {
    what: 'born in the future',
    row: { born: '3/9/2036' },
    becomes: { birth_date: null },
    noted: ['bad_date:born'],
  },
  {
    what: 'born in 9999',
    row: { born: '12/31/9999' },
    becomes: { birth_date: null },
    noted: ['bad_date:born'],
  },
  {
    what: 'lost zeros of a number',
    row: { state: '2003004' },
    becomes: { state_id: '0002003004' },
    noted: ['repaired:state'],
  },
  {
    what: 'scientific notation',
    row: { state: '4.15E+03' },
    becomes: { state_id: null },
    noted: ['bad_value:state'],
  },
  {
    what: 'thousands separators',
    row: { state: '"1,002,003,004"' },
    becomes: { state_id: null },
    noted: ['bad_value:state'],
  },
  {
    what: 'a trailing .0',
    row: { state: '1002003004.0' },
    becomes: { state_id: '1002003004' },
    noted: ['repaired:state'],
  },
  {
    what: 'padding',
    row: { state: '  1002003004  ', last: '  Alvarez ' },
    becomes: { state_id: '1002003004', last: 'ALVAREZ' },
  },
  { what: 'a prefix', row: { state: 'S1002003' }, becomes: { state_id: null }, noted: ['bad_value:state'] },
  {
    what: 'the name of the state',
    row: { state: 'WA' },
    becomes: { state_id: null },
    noted: ['bad_value:state'],
  },
  { what: 'accents', row: { last: 'Núñez' }, becomes: { last: 'NUNEZ' } },
  { what: 'accents apart', row: { last: 'Nu\u0301n\u0303ez' }, becomes: { last: 'NUNEZ' } },
  { what: 'an apostrophe of Windows', row: { last: 'O’Brien' }, becomes: { last: 'OBRIEN' } },
  {
    what: 'two surnames',
    row: { last: 'Garcia-Lopez' },
    becomes: { last: 'GARCIALOPEZ', last_parts: 'GARCIA LOPEZ' },
  },
  { what: 'a particle', row: { last: 'Da Silva' }, becomes: { last: 'DASILVA', last_parts: null } },
  { what: 'a suffix in the surname', row: { last: 'Hall Jr.' }, becomes: { last: 'HALL' } },
  { what: 'capitals', row: { last: 'ALVAREZ', first: 'ANA' }, becomes: { last: 'ALVAREZ', first: 'ANA' } },
  { what: 'digits in a name', row: { first: 'Aaron697' }, becomes: { first: 'AARON697' } },
  { what: 'a nickname', row: { first: 'Bob' }, becomes: { first: 'BOB', first_root: 'ROBERT' } },
  { what: 'a single name', row: { first: '' }, becomes: { first: null, last: 'ALVAREZ' } },
  { what: 'a name of one letter', row: { last: 'O' }, becomes: { last: 'O' } },
  { what: 'a name of 200 letters', row: { last: 'Ab'.repeat(100) }, becomes: { last: 'AB'.repeat(100) } },
  {
    what: 'a name of 600 letters',
    row: { last: 'Ab'.repeat(300) },
    becomes: { last: null },
    noted: ['bad_value:last'],
  },
  { what: 'Han', row: { last: '王', first: '秀英' }, becomes: { last: '王', first: '秀英' } },
  { what: 'Arabic', row: { first: 'محمد' }, becomes: { first: 'محمد' } },
  { what: 'an emoji', row: { first: '😀' }, becomes: { first: null }, noted: ['placeholder:first'] },
  {
    what: 'a character without width',
    row: { first: 'A\u200bna' },
    becomes: { first: 'ANA' },
    noted: ['hidden_characters:first'],
  },
  {
    what: 'a direction mark',
    row: { first: '\u202eAna' },
    becomes: { first: 'ANA' },
    noted: ['hidden_characters:first'],
  },
  {
    what: 'a letter that looks like another',
    row: { first: 'Аna' },
    becomes: { first: 'АNA' },
    noted: ['mixed_scripts:first'],
  },
  { what: 'a formula', row: { first: '=cmd|calc' }, becomes: { first: 'CMD', middle: 'CALCMARIA' } },
  {
    what: 'an apartment as #',
    row: { address: '12 Elm Street #3' },
    becomes: { street: 'ELM ST', street_number: '12' },
  },
  {
    what: 'a post-office box',
    row: { address: 'PO Box 7' },
    becomes: { street: null },
    noted: ['placeholder:address'],
  },
  {
    what: 'homeless',
    row: { address: 'homeless' },
    becomes: { street: null },
    noted: ['placeholder:address'],
  },
  {
    what: 'a confidential address',
    row: { address: 'CONFIDENTIAL' },
    becomes: { street: null },
    noted: ['placeholder:address'],
  },
  {
    what: 'a ZIP code without its zero',
    row: { zip: '2143' },
    becomes: { zip: '02143' },
    noted: ['repaired:zip'],
  },
  { what: 'a sex X', row: { sex: 'X' }, becomes: { sex: 'X' } },
  {
    what: 'a sex U: the record stays',
    row: { sex: 'U' },
    becomes: { sex: null },
    noted: ['placeholder:sex'],
  },
  {
    what: 'a sex 1, which nobody has declared',
    row: { sex: '1' },
    becomes: { sex: null },
    noted: ['unmapped_code:sex'],
  },
  { what: 'a grade of another spelling', row: { grade: 'KF' } },
  { what: 'a grade that nobody has declared', row: { grade: 'OOPK' }, noted: ['unmapped_code:grade'] },
];

const idOf = (at: number) => String(100_001 + at);
const late: readonly Dirt[] = [
  { what: 'no key', row: { id: '' }, rejected: 'missing_key' },
  { what: 'a key that is none', row: { id: '4.15E+03' }, rejected: 'missing_key' },
];
const all = [...catalogue, ...late];

const link = (name: string, identifier: string, over = {}) =>
  field(name, { treatment: ['link'], identifier: identifier as 'last', ...over });
const manifest = sampleManifest({
  extract: 'students',
  nulls: NULLS,
  payload_table: 'students',
  fields: [
    field('id', { type: 'id', pattern: 'digits', width: 6, treatment: ['internal'] }),
    link('last', 'last'),
    link('first', 'first'),
    link('middle', 'middle'),
    link('born', 'birth_date', { type: 'date', format: ['%m/%d/%Y'] }),
    link('state', 'state_id', { type: 'id', pattern: 'digits', width: 10 }),
    link('zip', 'zip'),
    link('phone', 'phone'),
    link('address', 'address'),
    link('sex', 'sex', { type: 'code', codes: { F: 'F', M: 'M', X: 'X', U: 'unknown' } }),
    field('grade', {
      type: 'code',
      codes: { '04': '04', K: 'K', KF: 'K' },
      treatment: ['keep'],
      column: 'grade',
    }),
  ],
  limits: { rejected_share: 1, unmapped_share: 1, few: 100, change: {}, gone: { share: 1, count: 1000 } },
});

let folder: string;
let found: ReadonlyMap<number, Readonly<Record<string, unknown>>>;
let accounting: readonly string[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'catalogue-'));
  const columns = manifest.fields.map(({ name }) => name);
  const lines = all.map(({ row }, at) => {
    // Siblings of one number would be held, so each ordinary child has its own.
    const ordinary = { ...ORDINARY, id: idOf(at), state: String(2_000_000_000 + at * 7) };
    return columns.map((name) => ({ ...ordinary, ...row })[name as 'last']).join(',');
  });
  const text = `${[columns.join(','), ...lines].join('\n')}\n`;
  await takeIn(folder, { manifests: [manifest], extracts: { students: text } });
  const rows = await askIn(folder)(
    ({ identifiers }) => sql`SELECT line, identifiers.* FROM ${identifiers('identifiers')} AS identifiers
      JOIN ${identifiers('sources')} USING (record_id)`,
  );
  found = new Map(rows.map((row) => [Number(row['line']), row]));
  accounting = await accountingIn(folder);
});
afterAll(() => rm(folder, { recursive: true }));

describe('the catalogue of dirt', () => {
  it.each(catalogue.map((dirt, at) => ({ ...dirt, line: at + 2 })))('$what', ({ becomes = {}, line }) => {
    expect(found.get(line)).toMatchObject(becomes);
  });

  it.each(late)('$what: $rejected', ({ rejected }) => {
    expect(accounting).toContain(
      `students rejected ${rejected} ${late.filter((each) => each.rejected === rejected).length}`,
    );
  });

  it('accounts for every row and counts every value that was set aside or mended', () => {
    expect(accounting).toContain(`students kept kept ${catalogue.length}`);
    const counts = new Map<string, number>();
    for (const { noted = [] } of catalogue)
      for (const note of noted) counts.set(note, (counts.get(note) ?? 0) + 1);
    const expected = [...counts].map(([note, count]) => `students noted ${note} ${count}`).sort();
    expect(accounting.filter((line) => line.startsWith('students noted')).sort()).toEqual(expected);
  });
});
