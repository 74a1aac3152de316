import { describe, expect, it } from 'vitest';
import { documentSchema } from './documents.js';
import { tellsDuplicates } from './duplicate-terms.js';
import * as samples from './sample-documents.fixture.js';

const rule = { name: 'own_duplicates', parts: ['first', 'last'], basis: 'exact' };
const read = (linkage: object) =>
  documentSchema.safeParse({ ...samples.emou, linkage: { epoch: '2026-1', ...linkage } });

describe('linkage.own_duplicates', () => {
  it('is off without a word, and a memorandum without it says nothing of it', () => {
    const parsed = read({ rules: [rule] }).data;
    if (parsed?.kind !== 'emou') throw new Error('a memorandum expected');
    expect('own_duplicates' in parsed.linkage).toBe(false);
    expect(tellsDuplicates(parsed.linkage)).toBe(false);
    expect(tellsDuplicates({ own_duplicates: 'likely' })).toBe(true);
  });

  it('takes one word, and then no rule has its name', () => {
    const named = (name: string, own_duplicates: unknown) =>
      read({ rules: [{ ...rule, name }], own_duplicates }).success;
    expect(named('names', 'likely')).toBe(true);
    expect(named('own_duplicates', 'likely')).toBe(false);
    expect([named('names', 'all'), named('names', true)]).toEqual([false, false]);
  });
});
