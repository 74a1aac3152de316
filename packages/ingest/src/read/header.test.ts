import { describe, expect, it } from 'vitest';
import { positionOf, requireHeader } from './header.js';

const COLUMNS = ['id', 'first', 'last', 'grade', 'notes'];
const expected = { extract: 'students', columns: COLUMNS, optional: [], refused: [] };

function refusal(found: readonly string[]): { message: string; details: object } {
  try {
    requireHeader(found, expected);
  } catch (thrown) {
    if (thrown instanceof Error && 'details' in thrown) {
      return { message: thrown.message, details: thrown.details as object };
    }
  }
  return { message: 'none', details: {} };
}

describe('requireHeader', () => {
  it('names a column that is new or renamed, where the name can be no value', () => {
    expect(refusal([...COLUMNS, 'ssn']).details).toMatchObject({ columns: ['ssn'], count: 1 });
    expect(refusal(['id', 'first', 'last', 'grade level', 'notes']).details).toMatchObject({
      columns: ['grade level'],
      missing: ['grade'],
    });
    expect(refusal(['id', 'First', 'last', 'grade', 'notes', 'home_room', '']).details).toEqual({
      extract: 'students',
      columns: ['First', 'home_room', ''],
      missing: ['first'],
      count: 3,
    });
  });

  it('tells any other by its position, and what is missing', () => {
    expect(refusal(['id', 'first', 'Zzqcanary', 'grade', 'Student ID', 'notes']).details).toEqual({
      extract: 'students',
      columns: ['Student ID'],
      missing: ['last'],
      count: 2,
      positions: ['3 (C)'],
    });
  });

  it.each<[string, string[]]>([
    ['a value in the place of a name', ['id', 'first', 'last', 'Zzqcanary', 'notes']],
    ['a value as one cell more', [...COLUMNS, 'Zzqcanary']],
    [
      'a row that a lost line break has joined',
      ['id', 'first', 'last', 'grade', 'notes17', 'Zzqcanary', 'Zzqcanary'],
    ],
    ['the same behind a comma too many', [...COLUMNS, '17', 'Zzqcanary', 'Zzqcanary', '04', 'Zzqcanary']],
    ['the beginning of such a row', ['id', 'first', 'last', 'grade', 'notesZzqcanary']],
    ['what a quote has left open', ['id', 'first', 'last', 'grade', 'notes\n17,Zzqcanary']],
    ['a number', [...COLUMNS, '617-555-0100']],
    ['a value beside a word for a column', [...COLUMNS, 'Zzqcanary ID']],
  ])('tells %s by its position alone', (_, found) => {
    const { message, details } = refusal(found);
    expect(message).toContain('HEADER_UNKNOWN_COLUMN');
    expect(message).not.toMatch(/Zzqcanary|17|555/);
    const first = found.findIndex((name) => !COLUMNS.includes(name));
    expect(Object(details).positions[0]).toBe(positionOf(first + 1));
    expect(details).not.toHaveProperty('columns');
  });

  it('gives positions as spreadsheets do', () => {
    expect([1, 26, 27, 52, 53, 702, 703].map(positionOf)).toEqual([
      '1 (A)',
      '26 (Z)',
      '27 (AA)',
      '52 (AZ)',
      '53 (BA)',
      '702 (ZZ)',
      '703 (AAA)',
    ]);
  });
});
