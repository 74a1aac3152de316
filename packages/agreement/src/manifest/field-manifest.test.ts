import { describe, expect, it } from 'vitest';
import { birthField, gradeField, manifest, recordField } from '../documents/sample-documents.fixture.js';
import { columnsOfRole, fieldManifest, identifierRoles } from './field-manifest.js';

type Change = Readonly<Record<string, unknown>>;

/** What is wrong with the sample manifest after a change: `path: message`, in order. */
function problems(change: Change): string[] {
  const parsed = fieldManifest.safeParse({ ...manifest, ...change });
  return (parsed.error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

const withGrade = (change: Change) => ({ fields: [recordField, { ...gradeField, ...change }, birthField] });
const withBirth = (change: Change) => ({ fields: [recordField, gradeField, { ...birthField, ...change }] });
const textField = { ...recordField, name: 'Language', sensitivity: 'low', type: 'text', treatment: ['keep'] };
const plus = (change: Change) => ({
  fields: [recordField, gradeField, birthField, { ...textField, ...change }],
});
const records = manifest['records'] as Change;

describe('a field', () => {
  it('is in order in the sample', () => {
    expect(problems({})).toEqual([]);
    expect(problems(plus({ column: 'home_language' }))).toEqual([]);
  });

  it.each([
    [withGrade({ treatment: ['refuse', 'keep'] }), '1: refuse and drop stand alone'],
    [withGrade({ treatment: ['keep', 'drop'] }), '1: refuse and drop stand alone'],
    [withBirth({ treatment: ['link'], identifier: undefined }), '2: link and identifier go together'],
    [withBirth({ treatment: ['internal'] }), '2: link and identifier go together'],
    [withGrade({ column: undefined }), '1: keep or band, and column, go together'],
    [withGrade({ treatment: ['drop'] }), '1: keep or band, and column, go together'],
    [withGrade({ band: 'year' }), '1: the treatment band and the field band go together'],
    [withGrade({ only_when: ['x'] }), '1: only_when needs the treatment internal'],
    [withGrade({ sensitivity: 'direct' }), '1: a direct identifier is never kept'],
    [withBirth({ format: undefined }), '2: a date needs its format'],
    [withGrade({ codes: undefined }), '1: a code needs its codes, or a crosswalk'],
    [withGrade({ prefix: 'S' }), '1: a prefix stands before an id of the pattern digits'],
  ])('%# is refused at its place', (change, problem) => {
    expect(problems(change)).toEqual([`fields.${problem}`]);
  });

  it('is banded or kept, banded only if it is a date, and needs the word for it', () => {
    const banded = { treatment: ['band', 'keep'], band: 'year' };
    expect(problems(withGrade(banded))).toEqual([
      'fields.1: keep or band, not both',
      'fields.1: only dates can be banded',
    ]);
    expect(problems(withGrade({ treatment: ['band'] }))).toContain(
      'fields.1: the treatment band and the field band go together',
    );
  });

  it('may be dropped or refused without a word on how to read it', () => {
    const unread = { treatment: ['drop'], identifier: undefined, format: undefined };
    expect(problems(withBirth(unread))).toEqual([]);
    expect(problems(withBirth({ ...unread, treatment: ['refuse'] }))).toEqual([]);
  });

  it.each([
    '%d %B %Y',
    '%m/%d',
    '%Y',
    '%c',
    '%s',
    '%Y-%m-%d %',
    '%Y-%m-%d%n',
  ])('is no date in the format %s', (format) => {
    expect(problems(withBirth({ format: [format] }))).toEqual([
      expect.stringMatching(/^fields\.2\.format\.0: only %Y/),
    ]);
  });
});

describe('a manifest', () => {
  it.each<[string, Change, string]>([
    [
      'a column twice',
      { fields: [recordField, gradeField, birthField, { ...birthField, identifier: 'sex' }] },
      'fields.3.name: this column is listed twice',
    ],
    [
      'a payload column that there is not',
      plus({ column: 'name' }),
      'fields.3.column: the payload table has no such column',
    ],
    [
      'the record id as a column',
      plus({ column: 'record_id' }),
      'fields.3.column: the payload table has no such column',
    ],
    [
      'a column of Object',
      plus({ column: 'constructor' }),
      'fields.3.column: the payload table has no such column',
    ],
    [
      'text where codes are',
      plus({ column: 'race' }),
      'fields.3.column: the payload column holds codes, so this must be a code',
    ],
    [
      'a code that is none of ours',
      withGrade({ codes: { '9': '9th' } }),
      'fields.1.column: a code stands for a word that the payload column does not have',
    ],
    [
      'a constant column that there is not',
      { constants: { name: 'x' } },
      'constants.name: the payload table has no such column',
    ],
    [
      'a constant that is no word of its column',
      { constants: { race: 'Asian' } },
      'constants.race: the payload column does not have this word',
    ],
    [
      'a constant over a field',
      { constants: { grade: '01' } },
      'constants.grade: a field fills this column already',
    ],
    [
      'a key that is no field',
      { records: { ...records, key: ['ID'] } },
      'records.key.0: no field of this name is listed',
    ],
    [
      'a key that is dropped',
      { fields: [{ ...recordField, treatment: ['drop'] }, gradeField, birthField] },
      'records.key.0: a key needs the treatment internal, link or keep',
    ],
    ['records of a table without records', { records: null }, 'records: the payload table says otherwise'],
    [
      'an opt-out list without a key',
      { opt_out_list: true, records: { ...records, key: [] } },
      'records: an opt-out list needs the key of the records',
    ],
    [
      'rows without a key and without identifiers',
      { records: { ...records, key: [], identifiers: false } },
      'records: rows without a key can be no rows about a record elsewhere',
    ],
    [
      'a last day before the first',
      {
        scope: {
          covers_from: '2026-06-16',
          covers_to: '2026-06-15',
          active_only: false,
          exceptions_only: false,
        },
      },
      'scope.covers_to: the last day covered comes before the first',
    ],
    [
      'a split into fields that are none',
      { splits: [{ column: 'M / 9', at: ' / ', into: ['Grade', 'Age'] }] },
      'splits.0.into.1: no field of this name is listed',
    ],
    [
      'a split of a field',
      { splits: [{ column: 'Grade', at: ' / ', into: ['DOB', 'Student ID'] }] },
      'splits.0.column: a column that is split is no field itself',
    ],
    ['a field that nobody knows', { retention: 1 }, ': Unrecognized key: "retention"'],
  ])('refuses %s', (_, change, problem) => {
    expect(problems(change)).toEqual([problem]);
  });

  it('covers one day, or more', () => {
    const scope = { covers_from: '2026-06-15', active_only: false, exceptions_only: false };
    expect(problems({ scope: { ...scope, covers_to: '2026-06-15' } })).toEqual([]);
  });

  it('serves something', () => {
    const nothing = { payload_table: null, records: null, fields: [{ ...recordField, treatment: ['drop'] }] };
    expect(problems(nothing)).toEqual(['payload_table: nothing of this extract would be used']);
  });

  it('fills every column that has no word for unknown', () => {
    const sessions = { payload_table: 'registrations', fields: [recordField, birthField] };
    expect(problems(sessions)).toEqual(['payload_table: nothing fills its column section']);
    expect(problems({ ...sessions, constants: { section: 'enrolled' } })).toEqual([]);
  });

  it('fills numbers with numbers and days with days', () => {
    const table = { payload_table: 'registrations', constants: { section: 'enrolled' } };
    const field = (change: Change) => ({
      ...table,
      fields: [recordField, birthField, { ...textField, ...change }],
    });
    const other = 'fields.2.column: the payload column has another type';
    expect(problems(field({ column: 'age' }))).toEqual([other]);
    expect(problems(field({ column: 'age', type: 'integer' }))).toEqual([]);
    expect(problems(field({ column: 'entry_date', type: 'integer' }))).toEqual([other]);
    expect(problems(field({ column: 'entry_date', type: 'date', format: ['%Y-%m-%d'] }))).toEqual([]);
    expect(
      problems({ ...table, constants: { ...table.constants, age: '9' }, fields: [recordField, birthField] }),
    ).toEqual(['constants.age: only text and dates (YYYY-MM-DD) can be constants']);
  });

  it('lists the columns of every section', () => {
    const section = { name: 'a', heading: null, columns: ['Student ID', 'Garde'] };
    const format = {
      type: 'sectioned',
      encoding: 'utf-8',
      delimiter: ',',
      quote: null,
      title_rows: 0,
      sections: [section],
      closing: null,
    };
    expect(problems({ format })).toEqual(['format.sections.0.columns.1: no field of this name is listed']);
  });

  it('has one internal date if it is an opt-out list', () => {
    const day = (name: string) => ({ ...recordField, name, type: 'date', format: ['%Y-%m-%d'] });
    const list = { payload_table: null, opt_out_list: true, records: { ...records, identifiers: false } };
    expect(problems({ ...list, fields: [recordField, day('From')] })).toEqual([]);
    expect(problems({ ...list, fields: [recordField, day('From'), day('To')] })).toEqual([
      'records: an opt-out list has one internal date: the first day it counts',
    ]);
  });
});

describe('columnsOfRole', () => {
  it('leads every role to identifier columns', () => {
    for (const role of identifierRoles) expect(columnsOfRole(role).length).toBeGreaterThan(0);
    expect(columnsOfRole('address')).toEqual(['street_number', 'street', 'zip']);
    expect(columnsOfRole('full_name_last_first')).toEqual(['first', 'middle', 'last']);
    expect(columnsOfRole('zip')).toEqual(['zip']);
  });
});
