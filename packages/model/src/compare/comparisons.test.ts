import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparing, FIELD_DIFFERS, FIELD_EQUAL, FIELD_MISSING, MISSING } from './comparisons.js';

const FIELDS = {
  similar: ['first', 'last', 'street'],
  exact: [
    'birth_date.year',
    'birth_date.month',
    'birth_date.day',
    'month_day.sorted',
    'sex',
    'first_root',
    'names.sorted',
    'last.3',
    'zip',
    'street_number',
    'phone',
  ],
};
const NAMES = [...FIELDS.similar.map((field) => `~${field}`), ...FIELDS.exact];
const { comparisons, levelsOf } = comparing(FIELDS);

/** What the comparisons say where only the fields given are known, and equal unless said otherwise. */
function said(fields: Readonly<Record<string, number>>): Record<string, string> {
  const levels = levelsOf(Uint8Array.from(NAMES, (name) => fields[name] ?? FIELD_MISSING));
  return Object.fromEntries(
    comparisons.flatMap(({ name, levels: of }, place) => {
      const level = levels[place] ?? MISSING;
      return level === MISSING ? [] : [[name, of[level] ?? 'none']];
    }),
  );
}
const yes = FIELD_EQUAL;
const no = FIELD_DIFFERS;
const near = 1;

/** A layout that shows whether both hold a name and a birth date. */
const told = comparing({
  similar: FIELDS.similar,
  exact: [...FIELDS.exact, 'first.known', 'last.known', 'birth_date.known', 'zip.known'],
});
const TOLD = [...NAMES, 'first.known', 'last.known', 'birth_date.known', 'zip.known'];

/** What is said of two slots, in which a missing field differs from every other. */
function saidOf(differing: readonly string[]): readonly string[] {
  const levels = told.levelsOf(Uint8Array.from(TOLD, (name) => (differing.includes(name) ? no : yes)));
  return told.comparisons.flatMap(({ name }, place) =>
    (levels[place] ?? MISSING) === MISSING ? [] : [name],
  );
}

describe('comparing', () => {
  it('says nothing of fields that nobody knows', () => {
    expect(said({})).toEqual({});
  });

  it.each<[string, Record<string, number>, Record<string, string>]>([
    ['an equal name', { '~first': yes, 'names.sorted': no }, { first: 'equal', order: 'as_written' }],
    ['a nickname', { '~first': no, first_root: yes }, { first: 'root' }],
    ['one slip', { '~first': near, first_root: no }, { first: 'one_edit' }],
    ['a surname cut short', { '~last': no, 'last.3': yes }, { last: 'beginning' }],
    ['another surname', { '~last': no, 'last.3': no }, { last: 'differs' }],
    ['swapped names', { '~first': no, '~last': no, 'names.sorted': yes }, { order: 'swapped' }],
    [
      'day for month',
      { 'birth_date.year': yes, 'birth_date.month': no, 'birth_date.day': no, 'month_day.sorted': yes },
      { birth: 'day_month_swapped' },
    ],
    [
      'two parts of a date',
      { 'birth_date.year': yes, 'birth_date.month': yes, 'birth_date.day': no, 'month_day.sorted': no },
      { birth: 'two_parts' },
    ],
    ['a year alone', { 'birth_date.year': yes }, { birth: 'one_part' }],
    ['another address and the telephone', { '~street': no, phone: yes, zip: no }, { household: 'shared' }],
    ['address and telephone', { '~street': yes, street_number: yes, phone: yes }, { household: 'shared' }],
    ['the ZIP code', { '~street': no, street_number: no, zip: yes }, { household: 'zip' }],
    ['a house number alone', { street_number: yes }, {}],
  ])('reads %s', (_, fields, expected) => {
    expect(said(fields)).toEqual(expected);
  });

  it.each<[string, readonly string[], readonly string[]]>([
    ['nothing missing', ['~first', 'names.sorted'], ['first', 'last', 'order', 'birth', 'sex', 'household']],
    [
      'no first name',
      ['~first', 'first_root', 'names.sorted', 'first.known'],
      ['last', 'birth', 'sex', 'household'],
    ],
    [
      'no birth date',
      ['birth_date.year', 'birth_date.month', 'birth_date.day', 'month_day.sorted', 'birth_date.known'],
      ['first', 'last', 'order', 'sex', 'household'],
    ],
    ['no ZIP code', ['zip', 'zip.known'], ['first', 'last', 'order', 'birth', 'sex', 'household']],
  ])('takes what is made of an identifier that not both are known to hold as missing: %s', (_, ...asked) => {
    const [differing, compared] = asked;
    expect(saidOf(differing)).toEqual(compared);
  });

  it('reads slots that tell what is missing as it reads clear text', () => {
    const identifiers = { first: ['~first', 'first_root'], last: ['~last', 'last.3'], zip: ['zip'] };
    const lacking = Object.keys(identifiers) as (keyof typeof identifiers)[];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(yes, near, 2, no), { minLength: NAMES.length, maxLength: NAMES.length }),
        fc.subarray([...lacking, 'birth_date'] as const),
        (drawn, blank) => {
          const made = (name: string) =>
            blank.some((each) => name.replace('~', '').startsWith(each)) ||
            (name === 'names.sorted' && (blank.includes('first') || blank.includes('last'))) ||
            (name === 'month_day.sorted' && blank.includes('birth_date'));
          const clear = NAMES.map((name, place) => (made(name) ? FIELD_MISSING : (drawn[place] ?? no)));
          const sealed = clear.map((level) => (level === FIELD_MISSING ? no : level));
          const known = ['first', 'last', 'birth_date', 'zip'].map((each) =>
            (blank as readonly string[]).includes(each) ? no : yes,
          );
          expect(told.levelsOf(Uint8Array.from([...sealed, ...known]))).toEqual(
            levelsOf(Uint8Array.from(clear)),
          );
        },
      ),
    );
  });
});
