import { describe, expect, it } from 'vitest';
import { bytesOf, extractOf, memoryScratch } from '../sample/extract.fixture.js';
import { COMMA, field, sampleManifest } from '../sample/manifest.fixture.js';
import { layoutOf } from './layout.js';
import { readExtract } from './read-extract.js';

const NAMES = ['last', 'first'].map((name) =>
  field(name, { treatment: ['link'], identifier: name as 'last' | 'first' }),
);

/** The canonical text of an extract, and the tally. */
async function read(text: string | Uint8Array, manifest = sampleManifest()) {
  const scratch = memoryScratch();
  const tally = await readExtract(extractOf(text), manifest, scratch);
  return { text: scratch.text(), tally };
}

const namesOnly = (over: Parameters<typeof sampleManifest>[0] = {}) =>
  sampleManifest({
    records: { space: 'participant', key: [], identifiers: true, one_row_each: false, duplicate_free: false },
    payload_table: null,
    fields: [...NAMES, field('note')],
    ...over,
  });

describe('a delimited extract', () => {
  it('becomes canonical text: columns of the manifest in its order, the line first, dropped columns gone', async () => {
    const { text, tally } = await read(
      'first,note,last\r\n"Ana, ""A""",secret,Núñez\r\n\r\n  Bo  ,"line\r\nbreak","two\r\n\tlines"\r\n',
      namesOnly(),
    );
    expect(text).toBe('2,Núñez,"Ana, ""A"""\n4,two lines,Bo\n');
    expect(tally).toEqual({ rows: 2, rejected: [], stripped: 0, encoding: 'utf-8' });
  });

  it('is read in the dialect of its manifest and in no other', async () => {
    const aspen = namesOnly({ format: { ...COMMA, encoding: 'windows-1252', escape: 'backslash' } });
    const bytes = bytesOf('"last","first","note"\r\n"O', 0x92, 'Brien",\\N,"see \\"log\\"\\\r\nnow"\r\n');
    expect((await read(bytes, aspen)).text).toBe('2,O’Brien,\n');
    const pipe = namesOnly({ format: { ...COMMA, delimiter: '|', quote: null } });
    expect((await read('last|first|note\n"RUIZ|ANA|"x"\n', pipe)).text).toBe('2,"""RUIZ",ANA\n');
    await expect(read('last;first;note\nRuiz;Ana;x\n', namesOnly())).rejects.toMatchObject({
      code: 'HEADER_NOT_FOUND',
    });
  });

  it('rejects rows of another width with the line on which they start', async () => {
    const { tally } = await read(
      'last,first,note\nRuiz,Ana\n"Ruiz","Bo\n",x\nRuiz,Cy,x,y\n"Ruiz"z,Di,x\n',
      namesOnly(),
    );
    expect(tally.rows).toBe(4);
    expect(tally.rejected).toEqual([
      { line: 2, reason: 'field_count' },
      { line: 5, reason: 'field_count' },
      { line: 6, reason: 'stray_quote' },
    ]);
  });

  it('may have no rows', async () => {
    expect((await read('last,first,note', namesOnly())).tally.rows).toBe(0);
  });

  it.each([
    ['is not there', 'Ruiz,Ana,x\nPark,Bo,y\n', 'HEADER_NOT_FOUND', { expected: 3, found: 0 }],
    ['is not there, nor anything else', '\r\n\r\n', 'HEADER_NOT_FOUND', { found: 0 }],
    [
      'has a column too many',
      'last,first,note,ssn\n',
      'HEADER_UNKNOWN_COLUMN',
      { columns: ['ssn'], count: 1 },
    ],
    ['has a column without a name', 'last,first,note,\n', 'HEADER_UNKNOWN_COLUMN', { columns: [''] }],
    ['lacks a column', 'last,first\n', 'HEADER_MISSING_COLUMN', { columns: ['note'] }],
    ['has a column twice', 'last,first,note,last\n', 'HEADER_DUPLICATE_COLUMN', { columns: ['last'] }],
    ['spells a column otherwise', 'last,First,note\n', 'HEADER_UNKNOWN_COLUMN', { columns: ['First'] }],
    [
      'has names of SQL',
      'last,first,note,"""; DROP TABLE--"\n',
      'HEADER_UNKNOWN_COLUMN',
      { positions: ['4 (D)'] },
    ],
  ])('is refused if its header %s', async (_, text, code, details) => {
    await expect(read(text, namesOnly())).rejects.toMatchObject({ code, details });
  });

  it('names no column where the row may be a child', async () => {
    const failure = read('last,Zzqcanary,2015-03-09\n', namesOnly());
    await expect(failure).rejects.toMatchObject({ code: 'HEADER_NOT_FOUND' });
    await expect(failure).rejects.not.toThrow(/Zzqcanary/);
  });

  it('is refused if a column is there that must not be', async () => {
    const manifest = namesOnly({
      fields: [...NAMES, field('note'), field('ssn', { treatment: ['refuse'] })],
    });
    await expect(read('last,first,note,ssn\n', manifest)).rejects.toMatchObject({
      code: 'COLUMN_REFUSED',
      details: { columns: ['ssn'] },
    });
    expect((await read('last,first,note\nRuiz,Ana,x\n', manifest)).text).toBe('2,Ruiz,Ana\n');
  });

  it('is refused if it has 100,000 columns, without a name of them being lost in the message', async () => {
    const names = Array.from({ length: 100_000 }, (_, index) => `c${index}`).join(',');
    await expect(read(`last,first,note,${names}\n`, namesOnly())).rejects.toMatchObject({
      code: 'HEADER_UNKNOWN_COLUMN',
      details: { count: 100_000 },
    });
  });

  it('is refused if it ends within quotes, or has an endless line', async () => {
    await expect(read('last,first,note\nRuiz,"Ana,x\n', namesOnly())).rejects.toMatchObject({
      code: 'EXTRACT_TRUNCATED',
      details: { line: 2, rule: 'quote not closed' },
    });
    await expect(read(`last,first,note\n${'x'.repeat(3_000_000)}`, namesOnly())).rejects.toMatchObject({
      code: 'EXTRACT_TRUNCATED',
      details: { line: 2, rule: 'record too long' },
    });
  });
});

describe('a column that holds several values', () => {
  const manifest = namesOnly({
    splits: [{ column: 'who', at: '/', into: ['last', 'first'] }],
    fields: [...NAMES, field('note')],
  });

  it('becomes the fields that its manifest names', async () => {
    expect((await read('who,note\nRuiz / Ana,x\n', manifest)).text).toBe('2,Ruiz,Ana\n');
  });

  it('is each of them where it does not fall apart, so that it is counted and not lost', async () => {
    expect((await read('who,note\nRuiz,x\na/b/c,x\n,x\n', manifest)).text).toBe(
      '2,Ruiz,Ruiz\n3,a/b/c,a/b/c\n4,,\n',
    );
  });

  it('is expected in the header in place of them', () => {
    expect(layoutOf(manifest).columns).toEqual(['note', 'who']);
  });
});

describe('a sheet with sections', () => {
  const manifest = namesOnly({
    format: {
      ...COMMA,
      type: 'sectioned',
      title_rows: 2,
      sections: [
        { name: 'Enrolled', heading: null, columns: ['last', 'first', 'note'] },
        { name: 'Waiting List', heading: 'Waiting List', columns: ['first', 'last'] },
      ],
      closing: 'Total',
    },
    fields: [...NAMES, field('note'), field('section', { treatment: ['internal'] })],
  });
  const SHEET = [
    'Summer Camp',
    '7/6/2026',
    'last,first,note',
    'Ruiz,Ana,x',
    '"Two\nlines",Bo,x',
    '',
    'Waiting List',
    'first,last',
    'Cy,Park',
    'Cy,Park,1,2',
    'Total,3',
    'printed on Monday',
  ];

  it('is read section by section, each under its own header, up to the closing row', async () => {
    const { text, tally } = await read(SHEET.join('\r\n'), manifest);
    expect(text).toBe('4,Ruiz,Ana,Enrolled\n5,Two lines,Bo,Enrolled\n10,Park,Cy,Waiting List\n');
    expect(tally.rejected).toEqual([
      { line: 11, reason: 'field_count' },
      { line: 13, reason: 'after_closing' },
    ]);
  });

  it('may repeat its header on every page, which is no row', async () => {
    const paged = SHEET.toSpliced(4, 0, 'Page 2', 'last,first,note');
    const { text, tally } = await read(paged.join('\r\n'), manifest);
    expect(text).toBe('4,Ruiz,Ana,Enrolled\n7,Two lines,Bo,Enrolled\n12,Park,Cy,Waiting List\n');
    expect(tally.rejected.map(({ line }) => line)).toEqual([5, 13, 15]);
  });

  it('may lack a section, but not every one, and not the closing row', async () => {
    expect((await read([...SHEET.slice(0, 4), 'Total,1'].join('\n'), manifest)).tally.rows).toBe(1);
    await expect(read(SHEET.slice(0, 2).join('\n'), manifest)).rejects.toMatchObject({
      code: 'HEADER_NOT_FOUND',
    });
    await expect(read(SHEET.slice(0, 9).join('\n'), manifest)).rejects.toMatchObject({
      code: 'EXTRACT_TRUNCATED',
      details: { rule: 'no closing row' },
    });
  });

  it('is refused if a header has a column too many, or a quote is not closed, without repeating a row', async () => {
    await expect(
      read(SHEET.join('\n').replace('last,first,note', 'last,first,note,ssn'), manifest),
    ).rejects.toMatchObject({
      code: 'HEADER_UNKNOWN_COLUMN',
    });
    const failure = read(SHEET.join('\n').replace('Ruiz', '"Zzqcanary'), manifest);
    await expect(failure).rejects.toMatchObject({ code: 'EXTRACT_TRUNCATED' });
    await expect(failure).rejects.not.toThrow(/Zzqcanary/);
  });
});

describe('a workbook', () => {
  const manifest = namesOnly({
    format: { type: 'workbook', sheet: 'Screening', header_row: 1, closing: null },
  });

  it('is refused if it is none, without repeating what it is', async () => {
    const failure = read('PK Zzqcanary', manifest);
    await expect(failure).rejects.toMatchObject({ code: 'EXTRACT_MALFORMED' });
    await expect(failure).rejects.not.toThrow(/Zzqcanary/);
  });
});
