import { describe, expect, it } from 'vitest';
import { comparing, MISSING } from '../compare/comparisons.js';
import { groundsOf } from './grounds.js';

const { comparisons } = comparing({
  similar: ['first', 'last', 'middle', 'street'],
  exact: [
    'birth_date.year',
    'birth_date.month',
    'birth_date.day',
    'sex',
    'zip',
    'district_id',
    'suffix',
    'names.sorted',
  ],
});

/** Two who agree in full on all names and on sex, and otherwise as given. */
function levels(given: Readonly<Record<string, string>> = {}): Uint8Array {
  const namesakes = {
    order: 'as_written',
    birth: 'differs',
    household: 'differs',
    district_id: 'differs',
    ...given,
  };
  return Uint8Array.from(comparisons, ({ name, levels: of }) => {
    const level = (namesakes as Record<string, string>)[name];
    return level === undefined ? 0 : level === 'missing' ? MISSING : of.indexOf(level);
  });
}

describe('groundsOf', () => {
  it.each([
    [{}, true],
    [{ birth: 'one_part', household: 'city' }, true],
    [{ birth: 'missing', household: 'missing', district_id: 'missing' }, true],
    [{ birth: 'two_parts' }, false],
    [{ birth: 'day_month_swapped' }, false],
    [{ household: 'zip' }, false],
    [{ district_id: 'equal' }, false],
  ])('says whether nothing but names agrees: %o', (given, namesAlone) => {
    expect(groundsOf(comparisons, levels(given)).namesAlone).toBe(namesAlone);
  });

  it('tells an equal first name from one that differs and one that is not compared', () => {
    const firsts = ['equal', 'two_edits', 'differs', 'missing'].map((first) => levels({ first }));
    expect(firsts.map((each) => groundsOf(comparisons, each).first)).toEqual([
      'equal',
      'alike',
      'differs',
      'alike',
    ]);
    expect(groundsOf([], undefined)).toEqual({ first: 'alike', namesAlone: true });
  });

  it.each([
    ['missing', { birth: 'equal', household: 'shared' }],
    ['missing', { birth: 'equal', household: 'shared', middle: 'missing', suffix: 'missing' }],
    ['alike', { middle: 'equal' }],
    ['alike', { middle: 'initial' }],
    ['alike', { district_id: 'equal' }],
    ['alike', { order: 'swapped' }],
  ])('says %s of a first name that is not compared where these agree: %o', (first, given) => {
    const nameless = { first: 'missing', middle: 'differs', order: 'missing', ...given };
    expect(groundsOf(comparisons, levels(nameless)).first).toBe(first);
  });
});
