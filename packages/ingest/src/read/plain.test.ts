import type { ExtractFormat, FieldManifest } from '@throughline/agreement';
import { ThroughlineError } from '@throughline/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extractOf, memoryScratch } from '../sample/extract.fixture.js';
import { COMMA, field, sampleManifest } from '../sample/manifest.fixture.js';
import { canonicalBytes } from './canonical.js';
import { type PlainLayout, plainReader } from './plain.js';
import { readExtract } from './read-extract.js';

type Delimited = Extract<ExtractFormat, { type: 'delimited' }>;
type Form = Partial<Delimited>;

const FORMS: Readonly<Record<string, Form>> = {
  'RFC 4180 in UTF-8': {},
  'MySQL OUTFILE in Windows-1252': { encoding: 'windows-1252', escape: 'backslash' },
  'semicolons in Latin-1': { encoding: 'iso-8859-1', delimiter: ';', quote: "'" },
  'pipes without quotes': { delimiter: '|', quote: null },
  'tabs with backslashes': { delimiter: '\t', quote: null, escape: 'backslash', title_rows: 2 },
  'two encodings, a closing row': { encoding: 'utf-8-or-windows-1252', closing: 'END' },
  'a delimiter too many': { trailing_delimiter: true },
  'no header': { columns: ['last', 'note', 'first'], escape: 'backslash' },
  'UTF-16': { encoding: 'utf-16le' },
};

const CELLS = ['a', 'Núñez', ' Bo  ', '', '7', 'x,y', 'a;b', '€', '\u00a0A', '王', '0010', '\ufeffB', 'END'];
/** What stands in broken files: among it controls of two alphabets, half characters, breaks of every kind. */
const HOSTILE = [...'"\',;|\t\\\r\n\0\u0007\u0085 N', '\r\n', '\\N', '\\\r\n', '""', '\\"', '"x"y'];
const BYTES = [0x80, 0x81, 0x8d, 0x92, 0xa0, 0xc2, 0xc3, 0xe2, 0xff, 0x00];

const cell = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...CELLS) },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.constantFrom(...CELLS, ...HOSTILE), { maxLength: 4 })
      .map((parts) => parts.join('')),
  },
);
const row = fc.record({
  cells: fc.oneof(
    { weight: 15, arbitrary: fc.array(cell, { minLength: 3, maxLength: 3 }) },
    { weight: 1, arbitrary: fc.array(cell, { maxLength: 5 }) },
  ),
  quoted: fc.array(fc.constantFrom('quoted', 'quoted', 'bare', 'raw'), { minLength: 5, maxLength: 5 }),
  end: fc.constantFrom('\n', '\n', '\n', '\r\n', '\r\n', '\r', '\n\n', '\n\r\n'),
});
const breakage = fc.array(
  fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), byte: fc.constantFrom(...BYTES) }),
  { maxLength: 2 },
);
type Row = ReturnType<(typeof row)['generate']>['value'];

const quotedCell = (text: string, { quote, escape: escaping }: Delimited): string => {
  if (quote === null) return text;
  const inner =
    escaping === 'backslash' ? text.replace(/["'\\\r]/g, '\\$&') : text.replaceAll(quote, quote + quote);
  return `${quote}${inner}${quote}`;
};

function lineOf({ cells, quoted, end }: Row, format: Delimited): string {
  const written = cells.map((text, index) => {
    if (quoted[index] === 'quoted') return quotedCell(text, format);
    return quoted[index] === 'raw' ? text : text.replace(/[,;|\t"'\\\r\n]/g, '_');
  });
  return written.join(format.delimiter) + (format.trailing_delimiter ? format.delimiter : '') + end;
}

function bytesOf(rows: readonly Row[], format: Delimited, broken: readonly { at: number; byte: number }[]) {
  const names = ['last', 'note', 'first'].map((name) => quotedCell(name, format));
  const header = names.join(format.delimiter) + (format.trailing_delimiter ? format.delimiter : '');
  const closing = format.closing === null ? '' : `${format.closing}${format.delimiter}${format.delimiter}\n`;
  const text = `${'title\n'.repeat(format.title_rows)}${format.columns === undefined ? `${header}\r\n` : ''}${rows
    .map((each) => lineOf(each, format))
    .join('')}${closing}`;
  const bytes = Buffer.from(text, BUFFER_ENCODING[format.encoding] ?? 'utf8');
  for (const { at, byte } of broken) bytes[Math.floor(at * bytes.length)] = byte;
  return Uint8Array.from(bytes);
}

const BUFFER_ENCODING: Readonly<Record<string, BufferEncoding>> = {
  'utf-16le': 'utf16le',
  'windows-1252': 'latin1',
  'iso-8859-1': 'latin1',
};

type Outcome =
  | { readonly text: string; readonly tally: unknown }
  | { readonly code: string; readonly details: unknown };

const manifestOf = (form: Form): FieldManifest =>
  sampleManifest({
    records: { space: 'participant', key: [], identifiers: true, one_row_each: false, duplicate_free: false },
    payload_table: null,
    format: { ...COMMA, ...form },
    fields: [
      field('first', { treatment: ['link'], identifier: 'first' }),
      field('last', { treatment: ['link'], identifier: 'last' }),
      field('note'),
    ],
  });

async function outcomeOf(bytes: Uint8Array, manifest: FieldManifest, pieces: number): Promise<Outcome> {
  const scratch = memoryScratch();
  try {
    const tally = await readExtract(extractOf(bytes, { pieces }), manifest, scratch);
    return { text: scratch.text(), tally };
  } catch (thrown) {
    if (!(thrown instanceof ThroughlineError)) throw thrown;
    return { code: thrown.code, details: thrown.details };
  }
}

/** A first piece is read as text, so that a file in one piece is read by the scanner alone. */
describe.each(Object.entries(FORMS))('%s, read from bytes and as text', (_, form) => {
  const manifest = manifestOf(form);
  const format = manifest.format as Delimited;

  it('has one outcome', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 30 }),
        fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: breakage }),
        fc.integer({ min: 20, max: 200 }),
        async (rows, broken, pieces) => {
          const bytes = bytesOf(rows, format, broken);
          const asText = await outcomeOf(bytes, manifest, bytes.length + 1);
          const mixed = await outcomeOf(bytes, manifest, pieces);
          // Of two faults that end the reading, the one is told that comes first in the pieces.
          if (
            'code' in asText &&
            asText.code === 'ENCODING_BROKEN' &&
            'code' in mixed &&
            mixed.code !== 'ENCODING_BROKEN'
          )
            return;
          expect(mixed).toEqual(asText);
        },
      ),
      { numRuns: 300 },
    );
  });
});

const layout: PlainLayout = {
  dialect: { delimiter: ',', quote: '"', escape: 'backslash' },
  encoding: 'windows-1252',
  width: 3,
  sources: [2, -1, 0],
  emptyLast: false,
  closing: null,
};

function plainRows(text: string, over: Partial<PlainLayout> = {}) {
  const canonical = canonicalBytes();
  const bytes = Buffer.from(text, 'latin1');
  const { at, line, rows } = plainReader({ ...layout, ...over }, canonical)?.read(bytes, 0, 5) ?? fail();
  return {
    rest: bytes.subarray(at).toString('latin1'),
    line,
    rows,
    text: canonical.bytes.subarray(0, canonical.size).toString(),
  };
}

const fail = (): never => {
  throw new RangeError('a reader expected');
};

describe('plainReader', () => {
  it('writes canonical rows of all records that are plain', () => {
    expect(plainRows('a,b,c\r\n\n"x ","\\"\r\n", y \n\\N,\x92\xe9,"\x93, q\\"\x94"\n')).toEqual({
      rest: '',
      line: 10,
      rows: 3,
      text: '5,c,,a\n7,y,,x\n9,"“, q""”",,\n',
    });
  });

  it.each([
    ['a byte that means nothing', '1,\x81,3\n'],
    ['a control character', '1,\x07,3\n'],
    ['NUL', '1,2,\x003\n'],
    ['a cell too few', '1,2\n'],
    ['a cell too many', '1,2,3,\n'],
    ['a stray quote', '1,2",3\n'],
    ['something behind a quote', '1,"2"x,3\n'],
    ['a doubled quote where a backslash escapes', '1,"a""b",3\n'],
    ['a quote that is not closed', '1,"2,3\n'],
    ['an escape outside of quotes', '1,\\",3\n'],
    ['an escaped line break', '1,"\\\r\n",3\n'],
    ['more than nothing', '1,\\NN,3\n'],
    ['a lone CR', '1,2,3\r4,5,6\n'],
    ['a lone CR in quotes', '1,"\r",3\n'],
    ['a record beyond the limit', `1,2,${'3'.repeat(1_000_001)}\n`],
  ])('stops before %s', (_, odd) => {
    expect(plainRows(`a,b,c\n${odd}d,e,f\n`)).toMatchObject({ line: 6, rows: 1, rest: `${odd}d,e,f\n` });
  });

  it('stops before the closing row, and where something stands in the cell too many', () => {
    expect(plainRows('a,b,c\n" END ",,\n', { closing: 'END' }).rest).toBe('" END ",,\n');
    expect(plainRows('a,b,\na,b,x\n', { emptyLast: true })).toMatchObject({ rows: 1, rest: 'a,b,x\n' });
  });

  it.each<[string, Partial<PlainLayout>]>([
    ['characters of two bytes', { encoding: 'utf-16be' }],
    ['a delimiter beyond ASCII', { dialect: { ...layout.dialect, delimiter: '§' } }],
    ['a delimiter that is stripped', { dialect: { ...layout.dialect, delimiter: '\x1f' } }],
    ['a quote that is the delimiter', { dialect: { ...layout.dialect, delimiter: '"' } }],
    ['a line break for a delimiter', { dialect: { ...layout.dialect, delimiter: '\n' } }],
  ])('does not read %s', (_, over) => {
    expect(plainReader({ ...layout, ...over }, canonicalBytes())).toBeUndefined();
  });
});
