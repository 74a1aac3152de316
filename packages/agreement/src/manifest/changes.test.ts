import { describe, expect, it } from 'vitest';
import { birthField, gradeField, manifest, recordField } from '../documents/sample-documents.fixture.js';
import { changesBetween } from './changes.js';
import { type FieldManifest, fieldManifest } from './field-manifest.js';

type Change = Readonly<Record<string, unknown>>;
const made = (change: Change): FieldManifest => fieldManifest.parse({ ...manifest, ...change });
const withFields = (...fields: readonly Change[]) => made({ fields });
const base = made({});

/** The differences as lines. */
const told = (older: FieldManifest, newer: FieldManifest): string[] =>
  changesBetween(older, newer).map(({ place, effect, words }) => `${effect} | ${place}: ${words}`);

const consent = {
  ...recordField,
  name: 'Consent',
  type: 'text',
  sensitivity: 'low',
  only_when: ['yes', 'signed'],
};

describe('changesBetween', () => {
  it('is nothing for what is the same, whatever the version', () => {
    expect(told(base, made({ version: 2 }))).toEqual([]);
  });

  it.each<[string, Change, string]>([
    ['dropped', { treatment: ['drop'], column: undefined }, 'less | Grade: the treatment was keep, is drop'],
    [
      'described otherwise',
      { description: 'the grade' },
      'same | Grade: the description was “grade of the student”, is “the grade”',
    ],
    [
      'on another ground',
      { basis: 'state-law' },
      'same | Grade: the basis was “ferpa-studies”, is “state-law”',
    ],
    ['of other codes', { codes: { '01': '01', '9': '10' } }, 'otherwise | Grade: codes: 9 was 09, is 10'],
    ['required', { required: true }, 'otherwise | Grade: required: was false, is true'],
  ])('tells a kept column that is %s', (_, change, line) => {
    expect(told(base, withFields(recordField, { ...gradeField, ...change }, birthField))).toEqual([line]);
  });

  it('tells more from less', () => {
    const dropped = withFields(
      recordField,
      { ...gradeField, treatment: ['drop'], column: undefined },
      birthField,
    );
    expect(told(dropped, base)[0]).toBe('more | Grade: the treatment was drop, is keep');
    const tokensToo = withFields(
      { ...recordField, treatment: ['internal', 'link'], identifier: 'district_id' },
      gradeField,
      birthField,
    );
    expect(told(base, tokensToo)[0]).toBe(
      'more | Student ID: the treatment was internal, is internal + link',
    );
  });

  it('tells columns that come, go and are renamed', () => {
    const shoe = { ...gradeField, name: 'Shoe', type: 'text', codes: undefined, column: 'home_language' };
    expect(told(base, withFields(recordField, gradeField, birthField, shoe))).toEqual([
      'more | Shoe: is new: keep',
    ]);
    const unread = { ...shoe, column: undefined, treatment: ['refuse'] };
    expect(told(base, withFields(recordField, gradeField, birthField, unread))).toEqual([
      'same | Shoe: is new: refuse',
    ]);
    expect(told(withFields(recordField, gradeField, birthField, shoe), base)).toEqual([
      'less | Shoe: is no longer listed, so it is refused; was keep',
    ]);
    const renamed = withFields(recordField, { ...gradeField, name: 'Grade level' }, birthField);
    expect(told(base, renamed)).toEqual(['same | Grade level: was called Grade']);
  });

  it('knows that a column which leaves rows out lets more leave when it goes or is laxer', () => {
    const strict = withFields(recordField, gradeField, birthField, consent);
    const change = (with_: Change) =>
      told(strict, withFields(recordField, gradeField, birthField, { ...consent, ...with_ }));
    expect(change({ only_when: ['yes'] })[0]).toMatch(
      /^less \| Consent: rows were taken in only when it holds yes or signed/,
    );
    expect(change({ only_when: ['yes', 'signed', 'no'] })[0]).toMatch(/^more/);
    expect(change({ only_when: undefined })[0]).toMatch(/^more .* are now whatever it holds$/);
    expect(change({ only_when: undefined, treatment: ['drop'] })).toEqual([
      expect.stringMatching(/^same .* the treatment was internal, is drop$/),
      expect.stringMatching(/^more/),
    ]);
    expect(told(strict, base)).toEqual([expect.stringMatching(/^more \| Consent: is no longer listed/)]);
  });

  it.each<[Change, Change, string]>([
    [
      { excludes: ['opted-out', 'test-names'] },
      { excludes: ['opted-out'] },
      'more | excludes: was opted-out, test-names, is opted-out',
    ],
    [{}, { excludes: ['test-names'] }, 'less | excludes: was none, is test-names'],
    [{}, { expires: '2026-07-30' }, 'more | expires: was 2026-06-30, is 2026-07-30'],
    [{}, { expires: '2026-05-30' }, 'less | expires: was 2026-06-30, is 2026-05-30'],
    [{}, { effective: '2025-06-01' }, 'more | effective: was 2025-07-01, is 2025-06-01'],
    [{}, { status: 'revoked' }, 'less | status: was active, is revoked'],
    [{}, { title: 'Another title' }, 'same | title: was Students of the school, is Another title'],
    [
      {},
      { limits: { rejected_share: 0.02, unmapped_share: 0.05 } },
      'otherwise | limits.rejected_share: was 0.01, is 0.02',
    ],
    [{}, { nulls: ['', 'NA'] }, 'otherwise | nulls: was , is , NA'],
  ])('tells terms: %j to %j', (before, after, line) => {
    expect(told(made(before), made({ ...before, ...after }))).toEqual([line]);
  });
});
