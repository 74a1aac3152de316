import { safeName } from '@throughline/core';
import { describe, expect, it } from 'vitest';
import { householdTermsOf } from '../force/households.js';
import { documentSchema, type Emou } from './documents.js';
import { householdRules, householdTerms } from './household-terms.js';
import * as samples from './sample-documents.fixture.js';
import type { DocumentSet } from './set.js';

const HOME = { name: 'home', parts: ['street_number', 'street', 'zip', 'last'] };
const PHONE = { name: 'phone_zip', parts: ['phone', 'zip'] };

describe('linkage.households', () => {
  it('is what it says, and its rules never link', () => {
    const households = householdTerms.parse({ rules: [HOME, PHONE] });
    expect(households.most_children).toBe(8);
    expect(householdRules({ households }).map(({ name, basis }) => `${name} ${basis}`)).toEqual([
      'home weak',
      'phone_zip weak',
    ]);
    expect(householdRules({})).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['no rule', { rules: [] }],
    [
      'an address alone, which is a building',
      { rules: [{ ...HOME, parts: ['street_number', 'street', 'zip'] }] },
    ],
    ['a surname and a town', { rules: [{ ...HOME, parts: ['last', 'zip'] }] }],
    ['a street without a number', { rules: [{ ...HOME, parts: ['street', 'zip', 'last'] }] }],
    ['a single field', { rules: [{ ...PHONE, parts: ['phone'] }] }],
    ['what tells a child', { rules: [{ ...PHONE, parts: ['phone', 'first'] }] }],
    ['a rule twice', { rules: [HOME, HOME] }],
    ['households of a school', { rules: [HOME], most_children: 11 }],
    ['households of one', { rules: [HOME], most_children: 1 }],
  ])('refuses %s', (_, terms) => {
    expect(householdTerms.safeParse(terms).success).toBe(false);
  });

  it('takes no name of a rule that links', () => {
    const rule = { name: 'home', parts: ['first', 'last'], basis: 'exact' };
    const linkage = (name: string) => ({
      epoch: '2026-1',
      rules: [{ ...rule, name }],
      households: { rules: [HOME] },
    });
    const parses = (name: string) =>
      documentSchema.safeParse({ ...samples.emou, linkage: linkage(name) }).success;
    expect([parses('home'), parses('own')]).toEqual([false, true]);
  });
});

describe('householdTermsOf', () => {
  const filed = <Document>(document: Document) => ({
    document,
    sha256: '',
    file: safeName('f.yaml'),
    standing: { approvals: [] },
  });
  const agreed = (households: object | undefined, uses: string[]): DocumentSet => {
    const emou = documentSchema.parse({
      ...samples.emou,
      linkage: {
        epoch: '2026-1',
        rules: [{ name: 'own', parts: ['first', 'last'], basis: 'exact' }],
        households,
      },
    });
    const dsa = documentSchema.parse({ ...samples.dsa, permitted_uses: uses });
    if (dsa.kind !== 'dsa') throw new Error('an agreement expected');
    return {
      emous: [filed(emou as Emou)],
      dsas: [filed(dsa)],
      duls: [],
      policies: [],
      manifests: [],
    } as unknown as DocumentSet;
  };
  const asked = (documents: DocumentSet) => () => householdTermsOf(documents, 'school', '2026-01-05');

  it('gives what both agreements grant', () => {
    const granted = asked(agreed({ rules: [HOME] }, ['linkage', 'household-index']))();
    expect(granted.households.rules).toHaveLength(1);
  });

  it.each<[string, object | undefined, string[], string, string]>([
    ['only the partner', undefined, ['household-index'], 'HOUSEHOLDS_NOT_AGREED', 'linkage.households'],
    ['only the memorandum', { rules: [HOME] }, ['linkage'], 'USE_NOT_PERMITTED', 'permitted_uses'],
  ])('refuses where %s does', (_, households, uses, code, clause) => {
    expect(asked(agreed(households, uses))).toThrow(
      expect.objectContaining({ code, details: expect.objectContaining({ clause }) }),
    );
  });
});
