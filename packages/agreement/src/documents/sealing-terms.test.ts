import { describe, expect, it } from 'vitest';
import { encodingTerms, knownParts } from './sealing-terms.js';

const PASS = { name: 'first_dob', parts: ['first', 'birth_date'] };
const accepts = (terms: object): boolean => encodingTerms.safeParse(terms).success;

describe('encodingTerms', () => {
  it('compares of every record that comes by default whether it holds what is compared', () => {
    const { similar, exact } = encodingTerms.parse({});
    const known = exact.filter((part) => part.endsWith('.known')).map((part) => part.split('.')[0]);
    const positive = ['first_root', 'street_number', 'names', 'month_day'];
    const compared = [...similar, ...exact.map((part) => part.split('.')[0])];
    expect(new Set(compared.filter((each) => !positive.includes(each ?? '')))).toEqual(new Set(known));
  });

  it.each([
    ['of a field that is compared by likeness', { similar: ['guardian'], exact: ['guardian.known'] }, true],
    ['of one of which a part is compared', { exact: ['middle.initial', 'middle.known'] }, true],
    [
      'of both sorted names',
      { similar: ['street'], exact: ['names.sorted', 'first.known', 'last.known'] },
      true,
    ],
    ['of the root of a first name', { similar: ['street'], exact: ['first_root', 'first.known'] }, true],
    ['of a sorted month and day', { exact: ['month_day.sorted', 'birth_date.known'] }, true],
    ['of nothing that is compared', { exact: ['sex', 'phone.known'] }, false],
    ['of what another known part alone is of', { similar: ['last'], exact: ['phone.known'] }, false],
  ])('has a known part %s', (_, fields, accepted) => {
    expect(accepts(fields)).toBe(accepted);
  });

  it('makes neither a pass nor a field of likeness of a known part', () => {
    expect(accepts({ passes: [PASS] })).toBe(true);
    for (const part of knownParts) {
      expect(accepts({ passes: [{ ...PASS, parts: [...PASS.parts, part] }] })).toBe(false);
      expect(accepts({ similar: [part] })).toBe(false);
    }
  });
});
