import { comparing, drawing, nonMatches, usualM } from '@throughline/model';
import { describe, expect, it } from 'vitest';
import { bigramTable } from '../seal1/bigrams.js';
import { type Identifiers, nothingKnown } from '../tok1/parts.js';
import { comparedFields } from './fields.js';
import { clearCodes, clearRecords } from './likeness.js';
import { type DuplicateModel, findDuplicates } from './local-persons.js';
import { NO_VALUE } from './meetings.js';
import { modelOf, modelText } from './model-text.js';

const CHILD: Identifiers = {
  ...nothingKnown,
  first: 'MARISOL',
  first_root: 'MARISOL',
  last: 'VEGA',
  birth_date: '2014-09-03',
  sex: 'F',
  street_number: '12',
  street: 'HARBOR ST',
  zip: '02155',
  state_id: '1001',
};
const stranger = (number: number): Identifiers => ({
  ...CHILD,
  first: `FIRST${number}`,
  first_root: `FIRST${number}`,
  last: `L${number}${number}X`,
  birth_date: `20${10 + (number % 9)}-0${1 + (number % 9)}-1${number % 9}`,
  street: `${number} WAY`,
  state_id: `${5000 + number}`,
});

/** Some records under one pass, and a model as it is published. */
function file(rows: readonly Identifiers[], nameless = false) {
  const fields = comparedFields([rows], 1);
  const { comparisons } = comparing(fields);
  const records = clearRecords(rows, fields, clearCodes(bigramTable(new Uint8Array(32).fill(1))));
  const standing: DuplicateModel = {
    fields,
    passes: [
      { name: 'zip', parts: ['zip'] },
      { name: 'first_last', parts: ['first', 'last'] },
    ],
    m: usualM(comparisons),
    others: nonMatches(comparisons, []),
    matches: 1000,
    records: 1000,
    nameless,
  };
  return { own: { rows, records, fields }, standing };
}

describe('findDuplicates, under a model that stands', () => {
  const again = (change: Partial<Identifiers>, nameless = false): boolean => {
    const { own, standing } = file([CHILD, { ...CHILD, ...change }, ...[1, 2, 3].map(stranger)], nameless);
    return findDuplicates(own, { standing, draw: drawing('1') }).persons[1] === 0;
  };

  it('joins a record without a first name and a number only where such may be duplicates', () => {
    const blank = { first: null, first_root: null, state_id: null };
    expect([again(blank), again(blank, true)]).toEqual([false, true]);
    expect(again({ first: null, first_root: null })).toBe(true);
  });

  it.each<[string, boolean, Partial<Identifiers>]>([
    ['another day of birth', true, { birth_date: '2014-09-04' }],
    ['a slip in the surname', true, { last: 'VEGO' }],
    ['another address', true, { street: 'ELM ST', street_number: '9' }],
    ['no number', true, { last: 'VEGO', state_id: null }],
    ['another first name, as a twin has', false, { first: 'ESTEBAN', first_root: 'ESTEBAN' }],
    ['another number', false, { state_id: '1002' }],
    [
      'nothing but the names, as a namesake has',
      false,
      { birth_date: null, street: null, street_number: null, zip: null, state_id: null, sex: null },
    ],
  ])('of two records of which one has %s, says one child: %s', (_, joined, change) => {
    expect(again(change)).toBe(joined);
  });

  it('compares those again who were one, however many have come to share what brought them together', () => {
    const crowd = Array.from({ length: 25 }, (_, number) => stranger(number));
    const { own, standing } = file([CHILD, { ...CHILD, last: 'VEGO' }, ...crowd]);
    const before = Int32Array.from(own.rows, (_, row) => (row < 2 ? 0 : NO_VALUE));
    const found = (of: Int32Array | undefined) =>
      findDuplicates(own, { standing, before: of, draw: drawing('1') }).persons[1];
    expect([found(undefined), found(before)]).toEqual([1, 0]);
  });
});

describe('a model as text', () => {
  const { standing } = file([CHILD, stranger(1)]);

  it('is read as it was written', () => {
    expect(modelOf(modelText(standing))).toEqual(standing);
  });

  it('is not read by software that compares in another way', () => {
    const text = modelText(standing).replace('"two_edits"', '"many_edits"');
    expect(modelOf(text)).toBeUndefined();
    expect(modelOf('{}')).toBeUndefined();
  });
});
