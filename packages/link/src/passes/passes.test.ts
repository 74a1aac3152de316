import type { TokenPart, TokenRule } from '@throughline/agreement';
import { describe, expect, it } from 'vitest';
import { agreedParts, passesAgreed, passesOf } from './passes.js';

const rule = (name: string, parts: TokenPart[], basis: TokenRule['basis'] = 'probable'): TokenRule => ({
  name,
  parts,
  basis,
});

describe('passesAgreed', () => {
  const rules = (count: number) =>
    Array.from({ length: count }, (_, index) => rule(`rule_${index}`, ['first', 'last'], 'exact'));
  const agreed = (count: number) =>
    passesAgreed({ epoch: '2026-1', rules: rules(count), own_duplicates: 'likely' });

  it('puts the word of owners behind all rules, where the memorandum lets them tell', () => {
    expect(passesAgreed({ epoch: '2026-1', rules: rules(3) })).toHaveLength(3);
    expect(agreed(3).at(-1)).toMatchObject({
      name: 'own_duplicates',
      bit: 8,
      basis: 'exact',
      firstName: 'none',
    });
    expect(agreed(30)).toHaveLength(31);
    expect(() => agreed(31)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });
});

describe('passesOf', () => {
  it.each([
    ['without a first name', rule('last_dob_zip', ['last', 'birth_date', 'zip'])],
    ['with an initial only', rule('initial_last_dob', ['first.initial', 'last', 'birth_date'])],
    ['of a number alone', rule('state_id_dob', ['state_id', 'birth_date'], 'exact')],
  ])('refuses a rule that links %s, and takes it as weak', (_, linking) => {
    expect(() => passesOf([linking])).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    expect(passesOf([{ ...linking, basis: 'weak' }])).toHaveLength(1);
  });

  it('refuses two rules of one name, and more rules than there are bits', () => {
    const same = rule('first_last', ['first', 'last']);
    const many = Array.from({ length: 32 }, (_, index) => rule(`rule_${index}`, ['first', 'last']));
    expect(() => passesOf([same, same])).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    expect(() => passesOf(many)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    expect(passesOf(many.slice(1)).map(({ bit }) => bit)).toEqual(
      Array.from({ length: 31 }, (_, index) => 2 ** index),
    );
  });

  it('knows what a rule says of the first name, and which rules mark look-alikes', () => {
    const passes = passesOf([
      rule('root_phone', ['first_root', 'phone']),
      rule('soundex_dob', ['first.soundex', 'birth_date']),
      rule('last_dob_zip', ['last', 'birth_date', 'zip'], 'weak'),
      rule('state_id_initial', ['state_id', 'first.initial']),
    ]);
    expect(
      passes.map(({ firstName, marksLookalikes, number }) => [firstName, marksLookalikes, number]),
    ).toEqual([
      ['whole', false, undefined],
      ['partly', true, undefined],
      ['none', true, undefined],
      ['partly', false, 'state_id'],
    ]);
  });
});

describe('agreedParts', () => {
  it('has the parts of the passes that agree and what follows from them', () => {
    const passes = passesOf([
      rule('first3_month', ['first.3', 'birth_date.year_month']),
      rule('first_last', ['first', 'last']),
    ]);
    expect([...agreedParts(passes, 1)].sort()).toEqual([
      'birth_date.year',
      'birth_date.year_month',
      'first.3',
      'first.initial',
    ]);
    expect(agreedParts(passes, 3).has('last_part')).toBe(true);
    expect(agreedParts(passes, 0).size).toBe(0);
  });
});
