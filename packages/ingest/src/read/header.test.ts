import { describe, expect, it } from 'vitest';
import { requireHeader } from './header.js';

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
  it('names a column that is new or renamed', () => {
    expect(refusal([...COLUMNS, 'ssn']).details).toMatchObject({ columns: ['ssn'], count: 1 });
    expect(refusal(['id', 'first', 'last', 'grade level', 'notes']).details).toMatchObject({
      columns: ['grade level'],
      missing: ['grade'],
    });
    expect(refusal(['id', 'first', 'last', 'grade', 'notes on it']).details).toMatchObject({
      columns: ['notes on it'],
    });
  });

  it.each<[string, string[]]>([
    [
      'a row that a lost line break has joined',
      ['id', 'first', 'last', 'grade', 'notes17', 'Zzqcanary', 'Zzqcanary'],
    ],
    ['the same behind a comma too many', [...COLUMNS, '17', 'Zzqcanary', 'Zzqcanary', '04', 'Zzqcanary']],
    ['the beginning of such a row', ['id', 'first', 'last', 'grade', 'notesZzqcanary']],
    ['what a quote has left open', ['id', 'first', 'last', 'grade', 'notes\n17,Zzqcanary']],
    ['a number', [...COLUMNS, '617-555-0100']],
  ])('tells %s by its position alone', (_, found) => {
    const { message, details } = refusal(found);
    expect(message).toContain('HEADER_UNKNOWN_COLUMN');
    expect(message).not.toMatch(/Zzqcanary|17|555/);
    expect(details).toMatchObject({ first_position: found.findIndex((name) => !COLUMNS.includes(name)) + 1 });
  });
});
