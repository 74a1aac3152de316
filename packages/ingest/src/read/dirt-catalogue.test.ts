import type { FieldManifest } from '@throughline/agreement';
import { describe, expect, it } from 'vitest';
import { workbookOf, zipOf } from '../sample/archive.fixture.js';
import { deliveries } from '../sample/delivered.fixture.js';
import { bytesOf } from '../sample/extract.fixture.js';
import { COMMA, field, sampleManifest } from '../sample/manifest.fixture.js';

const { read } = deliveries();

type Over = Parameters<typeof sampleManifest>[0];
const NAMES = [
  field('last', { treatment: ['link'], identifier: 'last' }),
  field('first', { treatment: ['link'], identifier: 'first' }),
];
const KEYLESS = {
  space: 'participant',
  key: [],
  identifiers: true,
  one_row_each: false,
  duplicate_free: false,
};
const manifestOf = (format: object, over: Over = {}): FieldManifest =>
  sampleManifest({
    records: KEYLESS,
    payload_table: null,
    fields: [...NAMES, field('note')],
    format: { ...COMMA, ...format } as NonNullable<NonNullable<Over>['format']>,
    ...over,
  });
const own = (format: object, over: Over = {}): FieldManifest =>
  manifestOf({}, { ...over, format: format as NonNullable<NonNullable<Over>['format']> });

const H = 'last,first,note\n';
const utf16 = (text: string, swap = false) => {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return Uint8Array.from(swap ? bytes.swap16() : bytes);
};
const mixed = bytesOf(H, 'a,b,x\n'.repeat(2000), 'Nu', 0xc3, 0xb1, 'ez,A,x\n', 'Pe', 0xf1, 'a,B,x\n');

/** What became of a file: canonical rows and rejected lines, or an error and its details. */
type Outcome =
  | { readonly rows: string; readonly rejected?: readonly string[]; readonly encoding?: string }
  | { readonly error: string; readonly details?: object };
type Item = readonly [item: string, bytes: Uint8Array | string, manifest: FieldManifest, outcome: Outcome];

const encodings: readonly Item[] = [
  [
    'UTF-8 with a mark',
    bytesOf(0xef, 0xbb, 0xbf, H, 'Nu', 0xc3, 0xb1, 'ez,Ana,x\n'),
    manifestOf({}),
    { rows: '2,Nuñez,Ana\n', encoding: 'utf-8' },
  ],
  [
    'cp1252, declared',
    bytesOf(H, 'O', 0x92, 'Hara,Ana,x\n'),
    manifestOf({ encoding: 'windows-1252' }),
    { rows: '2,O’Hara,Ana\n', encoding: 'windows-1252' },
  ],
  [
    'cp1252 where UTF-8 is declared',
    bytesOf(H, 'Nu', 0xf1, 'ez,Ana,x\n'),
    manifestOf({}),
    { error: 'ENCODING_BROKEN', details: { declared: 'utf-8', near_line: 2 } },
  ],
  [
    'mixed bytes after the first 10,000',
    mixed,
    manifestOf({}),
    { error: 'ENCODING_BROKEN', details: { near_line: 2003 } },
  ],
  [
    'UTF-16 of Excel',
    utf16('last\tfirst\tnote\r\nNuñez\tAna\tx\r\n'),
    manifestOf({ encoding: 'utf-16le', delimiter: '\t' }),
    { rows: '2,Nuñez,Ana\n', encoding: 'utf-16le' },
  ],
  [
    'UTF-16 where UTF-8 is declared',
    utf16(H),
    manifestOf({}),
    { error: 'ENCODING_BROKEN', details: { byte_order_mark: 'utf-16le' } },
  ],
  [
    'UTF-16 the other way round',
    utf16(`${H}Ruiz,Ana,x\n`, true),
    manifestOf({ encoding: 'utf-8-or-windows-1252' }),
    { rows: '2,Ruiz,Ana\n', encoding: 'utf-16be' },
  ],
];

const two = workbookOf([
  {
    name: 'S',
    rows: [
      ['Child', null, 'Note'],
      ['last', 'first', null],
      ['Ruiz', 'Ana', 'x'],
    ],
    merged: ['A1:B1'],
  },
]);
const nested = {
  fields: [
    field('Child / last', { treatment: ['link'], identifier: 'last' }),
    field('Child / first', { treatment: ['link'], identifier: 'first' }),
    field('Note'),
  ],
};
const dialects: readonly Item[] = [
  [
    'tab',
    'last\tfirst\tnote\nRuiz, Jr\tAna\tx\n',
    manifestOf({ delimiter: '\t' }),
    { rows: '2,"Ruiz, Jr",Ana\n' },
  ],
  [
    'pipe without quotes',
    'last|first|note\n"Ruiz|Ana|x\n',
    manifestOf({ delimiter: '|', quote: null }),
    { rows: '2,"""Ruiz",Ana\n' },
  ],
  [
    'semicolon of a European Excel',
    'last;first;note\nRuiz;Ana;1,5\n',
    manifestOf({ delimiter: ';' }),
    { rows: '2,Ruiz,Ana\n' },
  ],
  [
    'backslash escapes, a field that ends in one, \\N',
    '"last","first","note"\r\n"Ru\\"iz\\\\",\\N,"x\\\r\ny"\r\n',
    manifestOf({ escape: 'backslash' }),
    { rows: '2,"Ru""iz\\",\n' },
  ],
  [
    'a line break within quotes',
    `${H}"Ru\r\niz",Ana,x\nPark,Bo,y\n`,
    manifestOf({}),
    { rows: '2,Ru iz,Ana\n4,Park,Bo\n' },
  ],
  [
    'a quote that nothing closes',
    `${H}Ruiz,"Ana,x\nPark,Bo,y\n`,
    manifestOf({}),
    { error: 'EXTRACT_TRUNCATED', details: { line: 2, rule: 'quote not closed' } },
  ],
  [
    'ragged rows',
    `${H}Ruiz,Ana\nPark,Bo,y\nLee,Cy,x,y\n`,
    manifestOf({}),
    { rows: '3,Park,Bo\n', rejected: ['2 field_count', '4 field_count'] },
  ],
  ['no header', 'Ruiz,Ana,x\n', manifestOf({ columns: ['last', 'first', 'note'] }), { rows: '1,Ruiz,Ana\n' }],
  ['no header where one is declared', 'Ruiz,Ana,x\n', manifestOf({}), { error: 'HEADER_NOT_FOUND' }],
  ['title rows', `Report\n\n${H}Ruiz,Ana,x\n`, manifestOf({ title_rows: 2 }), { rows: '4,Ruiz,Ana\n' }],
  [
    'title rows that nobody declared',
    `Report\n\n${H}Ruiz,Ana,x\n`,
    manifestOf({}),
    { error: 'HEADER_NOT_FOUND' },
  ],
  [
    'two header rows',
    two,
    own({ type: 'workbook', sheet: 'S', header_row: 2, header_rows: 2, closing: null }, nested),
    { rows: '3,Ruiz,Ana\n' },
  ],
  [
    'two sections',
    `${H}Ruiz,Ana,x\nWaiting\nfirst,last\nBo,Park\nTotal,2\n`,
    own({
      ...COMMA,
      type: 'sectioned',
      title_rows: 0,
      closing: 'Total',
      sections: [
        { name: 'a', heading: null, columns: ['last', 'first', 'note'] },
        { name: 'b', heading: 'Waiting', columns: ['first', 'last'] },
      ],
    }),
    { rows: '2,Ruiz,Ana\n5,Park,Bo\n' },
  ],
  [
    'trailing commas',
    'last,first,note,\nRuiz,Ana,x,\n',
    manifestOf({ trailing_delimiter: true }),
    { rows: '2,Ruiz,Ana\n' },
  ],
  [
    'trailing commas that nobody declared',
    'last,first,note,\nRuiz,Ana,x,\n',
    manifestOf({}),
    { error: 'HEADER_UNKNOWN_COLUMN', details: { columns: [''] } },
  ],
  [
    'fixed columns',
    'Ruiz   Ana x\n',
    own({
      type: 'fixed-width',
      columns: [
        { name: 'last', start: 1, width: 6 },
        { name: 'first', start: 8, width: 3 },
        { name: 'note', start: 12, width: 1 },
      ],
    }),
    { rows: '1,Ruiz,Ana\n' },
  ],
  [
    'a name twice',
    'last,first,last\n',
    manifestOf({}),
    { error: 'HEADER_DUPLICATE_COLUMN', details: { columns: ['last'] } },
  ],
  ['a name that is blank', 'last,,note\n', manifestOf({}), { error: 'HEADER_UNKNOWN_COLUMN' }],
  [
    'a header that drifts',
    'LAST, First ,note\nRuiz,Ana,x\n',
    manifestOf({ header_match: 'folded' }),
    { rows: '2,Ruiz,Ana\n' },
  ],
];

const quoted = (name: string) => `last,first,"${name.replaceAll('"', '""')}"\n`;
const long = 'x'.repeat(10_000);
const hostile: readonly Item[] = [
  [
    '17 a line of megabytes',
    `${H}${'x'.repeat(3_000_000)}`,
    manifestOf({}),
    { error: 'EXTRACT_TRUNCATED', details: { rule: 'record too long', line: 2 } },
  ],
  [
    '18 a quote that is not closed',
    `${H}"Ruiz,Ana,x`,
    manifestOf({}),
    { error: 'EXTRACT_TRUNCATED', details: { line: 2 } },
  ],
  [
    '20 NUL and escape sequences',
    `${H}Ru\0iz,\u001b[31mAna,x\n`,
    manifestOf({}),
    { rows: '2,Ruiz,[31mAna\n' },
  ],
  [
    '22 formulas, which are texts to us',
    `${H}=cmd|' /C calc'!A0,+1,x\n@SUM(1),-1,y\n`,
    manifestOf({}),
    { rows: "2,=cmd|' /C calc'!A0,+1\n3,@SUM(1),-1\n" },
  ],
  [
    '23 a column named like SQL',
    quoted('"; DROP TABLE rows--'),
    manifestOf({}),
    { error: 'HEADER_UNKNOWN_COLUMN', details: { positions: ['3 (C)'] } },
  ],
  [
    '23 a column named a"b, listed',
    `${quoted('a"b')}Ruiz,Ana,x\n`,
    manifestOf({}, { fields: [...NAMES, field('a"b')] }),
    { rows: '2,Ruiz,Ana\n' },
  ],
  [
    '23 a column named rowid, listed',
    `${quoted('rowid')}Ruiz,Ana,x\n`,
    manifestOf({}, { fields: [...NAMES, field('rowid')] }),
    { rows: '2,Ruiz,Ana\n' },
  ],
  [
    '23 a name of 10 kB',
    quoted(long),
    manifestOf({}),
    { error: 'HEADER_UNKNOWN_COLUMN', details: { positions: ['3 (C)'] } },
  ],
  [
    '25 100,000 columns',
    `last,first,note,${'c,'.repeat(100_000)}\n`,
    manifestOf({}),
    { error: 'HEADER_UNKNOWN_COLUMN', details: { count: 100_001 } },
  ],
  ['25 no columns', '\n\n', manifestOf({}), { error: 'HEADER_NOT_FOUND' }],
  ['25 no rows', H, manifestOf({}), { rows: '' }],
  [
    '36 a bomb',
    zipOf([{ name: 'a', bytes: Buffer.alloc(32 * 1024 ** 2) }]),
    manifestOf({}, { delivery: { packed: 'zip' } }),
    { error: 'EXTRACT_OVER_LIMIT', details: { limit: 'unpacked bytes' } },
  ],
  [
    '37 a way out of the archive',
    zipOf([{ name: '../x', bytes: H }]),
    manifestOf({}, { delivery: { packed: 'zip' } }),
    { error: 'EXTRACT_MALFORMED' },
  ],
  [
    '37 two files',
    zipOf([
      { name: 'a', bytes: H },
      { name: 'a', bytes: H },
    ]),
    manifestOf({}, { delivery: { packed: 'zip' } }),
    { error: 'EXTRACT_MALFORMED', details: { files: 2 } },
  ],
  [
    '38 a database',
    `${'\0'.repeat(8)}DUCK`,
    manifestOf({}),
    { error: 'EXTRACT_MALFORMED', details: { found: 'duckdb' } },
  ],
  [
    'B4.11 a column of passwords',
    'last,first,note,Password\n',
    manifestOf({}, { fields: [...NAMES, field('note'), field('Password', { treatment: ['refuse'] })] }),
    { error: 'COLUMN_REFUSED', details: { columns: ['Password'] } },
  ],
  [
    'B4.11 free text, which is never written',
    `${H}Ruiz,Ana,Zzqcanary called\n`,
    manifestOf({}),
    { rows: '2,Ruiz,Ana\n' },
  ],
  [
    'B4.11 a hidden sheet',
    workbookOf([{ name: 'S', state: 'veryHidden', rows: [['last', 'first', 'note']] }]),
    own({ type: 'workbook', sheet: 'S', header_row: 1, closing: null }),
    { error: 'EXTRACT_MALFORMED', details: { rule: 'a sheet that is not hidden' } },
  ],
  [
    'B4.11 another sheet, and the author',
    workbookOf([
      {
        name: 'S',
        rows: [
          ['last', 'first', 'note'],
          ['Ruiz', 'Ana', 'x'],
        ],
      },
      { name: 'Zzqcanary', rows: [['Zzqcanary']] },
    ]),
    own({ type: 'workbook', sheet: 'S', header_row: 1, closing: null }),
    { rows: '2,Ruiz,Ana\n' },
  ],
];

describe.each([
  ['B4.1 encoding', encodings],
  ['B4.2 dialect', dialects],
  ['hostile files', hostile],
] as const)('%s', (_, items) => {
  it.each(items)('%s has the outcome that is declared', async (_item, bytes, manifest, outcome) => {
    const reading = read(bytes, manifest);
    if ('error' in outcome) {
      await expect(reading).rejects.toMatchObject({ code: outcome.error, details: outcome.details ?? {} });
      await expect(reading).rejects.not.toThrow(/Ruiz|Zzqcanary|Park/);
      return;
    }
    const { text, tally } = await reading;
    expect(text).toBe(outcome.rows);
    expect(tally.rejected.map(({ line, reason }) => `${line} ${reason}`)).toEqual(outcome.rejected ?? []);
    if (outcome.encoding !== undefined) expect(tally.encoding).toBe(outcome.encoding);
  });
});
