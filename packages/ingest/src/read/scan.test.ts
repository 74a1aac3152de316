import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { referenceScan } from './reference-scan.fixture.js';
import { type Cut, type Dialect, LONGEST_RECORD, type ScannedRecord, scannerOf } from './scan.js';

const dialects: Readonly<Record<string, Dialect>> = {
  'RFC 4180': { delimiter: ',', quote: '"', escape: 'doubled-quote' },
  'MySQL OUTFILE': { delimiter: ',', quote: '"', escape: 'backslash' },
  'MySQL without quotes': { delimiter: '\t', quote: null, escape: 'backslash' },
  'pipe without quotes': { delimiter: '|', quote: null, escape: 'doubled-quote' },
  semicolon: { delimiter: ';', quote: "'", escape: 'doubled-quote' },
};

function scanned(dialect: Dialect, pieces: readonly string[]): { records: ScannedRecord[]; cut: Cut | null } {
  const records: ScannedRecord[] = [];
  const scanner = scannerOf(dialect, (record) => records.push(record));
  for (const piece of pieces) {
    const cut = scanner.push(piece);
    if (cut !== null) return { records, cut };
  }
  return { records, cut: scanner.end() };
}

const pieces = fc.array(fc.string({ unit: fc.constantFrom(...'ab,;|\t"\'\\\r\n N0é😀'), maxLength: 12 }), {
  maxLength: 12,
});

describe.each(Object.entries(dialects))('%s', (_, dialect) => {
  it('gives what the slow scanner gives, in pieces of any size', () => {
    fc.assert(
      fc.property(pieces, (parts) => {
        expect(scanned(dialect, parts)).toEqual(referenceScan(parts.join(''), dialect));
      }),
      { numRuns: 400 },
    );
  });
});

const quoting = Object.entries(dialects).filter(([, { quote }]) => quote !== null);

describe.each(quoting)('%s', (_, dialect) => {
  it('gives back the rows that were written', () => {
    const cell = fc.string({ unit: fc.constantFrom(...'ab,;|\t"\'\\\r\n é') });
    const row = fc.array(cell, { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1 }), fc.constantFrom('\n', '\r\n', '\r'), (rows, end) => {
        const text = rows.map(
          (cells) => cells.map((each) => written(each, dialect)).join(dialect.delimiter) + end,
        );
        const { records, cut } = scanned(dialect, text);
        expect(cut).toBeNull();
        expect(records.map(({ cells }) => cells)).toEqual(rows);
        expect(records.every(({ fault }) => fault === null)).toBe(true);
      }),
    );
  });
});

function written(cell: string, { quote, escape: escaping }: Dialect): string {
  const mark = quote ?? '';
  const text =
    escaping === 'backslash' ? cell.replace(/["\\\r]/g, '\\$&') : cell.replaceAll(mark, mark + mark);
  return `${mark}${text}${mark}`;
}

const aspen = dialects['MySQL OUTFILE'] ?? { delimiter: ',', quote: '"', escape: 'backslash' };
const rfc = dialects['RFC 4180'] ?? aspen;
const cellsOf = (dialect: Dialect, text: string) =>
  scanned(dialect, [text]).records.map(({ cells }) => cells);

describe('scannerOf', () => {
  it('reads what MySQL writes', () => {
    const text = '"a","b"\r\n"O\\"Neil",\\N\r\n"a\\\r\nb","C:\\\\"\r\n"NULL","\\N"\r\n';
    expect(cellsOf(aspen, text)).toEqual([
      ['a', 'b'],
      ['O"Neil', null],
      ['a\r\nb', 'C:\\'],
      ['NULL', 'N'],
    ]);
  });

  it('names the physical line on which a record starts', () => {
    const { records } = scanned(rfc, ['a,b\r\n\r\n"x\r\ny\rz",1\n', 'c,d\re,f\n']);
    expect(records.map(({ line }) => line)).toEqual([1, 3, 6, 7]);
  });

  it('rejects a row that is too short or too long, or has a stray quote', () => {
    const { records } = scanned(rfc, ['a,b\n1\n1,2,3\n"1"x,2\n1,2"\n1,2\n']);
    expect(records.map(({ fault }) => fault)).toEqual([
      null,
      'field_count',
      'field_count',
      'stray_quote',
      'stray_quote',
      null,
    ]);
  });

  it('does not let a quote that was never closed swallow the rows up to the next one', () => {
    const rows = Array.from({ length: 500 }, (_, index) => `${index},x\n`).join('');
    const { records, cut } = scanned(rfc, ['a,b\n', '"broken,x\n', rows, '"7",y\n']);
    expect(cut).toBeNull();
    expect(records.filter(({ fault }) => fault !== null).map(({ line }) => line)).toEqual([2]);
    expect(records).toHaveLength(503);
  });

  it('stops at a quote that nothing closes, and names the line', () => {
    expect(scanned(rfc, ['a,b\n1,2\n3,"4\n5,6\n']).cut).toEqual({ rule: 'quote not closed', line: 3 });
  });

  it('stops at a record beyond the limit, however it comes', () => {
    const line = 'x'.repeat(LONGEST_RECORD / 3);
    const endless = Array.from({ length: 4 }, () => line);
    expect(scanned(rfc, ['a,b\n', ...endless]).cut).toEqual({ rule: 'record too long', line: 2 });
    expect(scanned(rfc, ['a,b\n', '1,2\n"', ...endless]).cut).toEqual({ rule: 'record too long', line: 3 });
    expect(scanned(rfc, [`a,b\n${endless.join('')},2\n`]).cut).toEqual({ rule: 'record too long', line: 2 });
    expect(scanned(rfc, [`a\n${'x'.repeat(LONGEST_RECORD - 1)}\n`]).cut).toBeNull();
  });

  it('passes over the columns that are not wanted', () => {
    const records: ScannedRecord[] = [];
    const scanner = scannerOf(rfc, (record) => records.push(record));
    scanner.push('a,b,c\n');
    scanner.want(new Set([1]));
    scanner.push('1,2,3\n"1","2",\n');
    expect(records.slice(1).map(({ cells }) => cells)).toEqual([
      [null, '2', null],
      [null, '2', null],
    ]);
  });
});
