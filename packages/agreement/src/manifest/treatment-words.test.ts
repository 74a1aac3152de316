import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ManifestField, treatments } from './field-manifest.js';
import {
  leavesNoMore,
  leavingOf,
  narrowerTreatments,
  parseTreatment,
  treatmentWords,
} from './treatment-words.js';

type Treated = Pick<ManifestField, 'treatment' | 'band'>;

/** A treatment as a manifest may have it. */
const treated: fc.Arbitrary<Treated> = fc.oneof(
  fc.constantFrom<Treated>({ treatment: ['refuse'] }, { treatment: ['drop'] }),
  fc
    .subarray<Treated['treatment'][number]>(['internal', 'link', 'keep'], { minLength: 1 })
    .map((treatment) => ({ treatment })),
  fc
    .tuple(
      fc.subarray<Treated['treatment'][number]>(['internal', 'link']),
      fc.constantFrom('month' as const, 'year' as const),
    )
    .map(([others, band]): Treated => ({ treatment: [...others, 'band'], band })),
);

describe('the words of a treatment', () => {
  it('come back as what they were, in any case, order and spacing', () => {
    fc.assert(
      fc.property(treated, fc.boolean(), (field, reversed) => {
        const parts = treatmentWords(field).split(' + ');
        const written = (reversed ? parts.toReversed() : parts).join(' ,  ').toUpperCase();
        const parsed = parseTreatment(written);
        expect(parsed).toBeDefined();
        expect(treatmentWords(parsed ?? { treatment: [] })).toBe(treatmentWords(field));
      }),
    );
  });

  it.each([
    '',
    'keep it',
    'band',
    'band by week',
    'band by month + band by year',
    'keep + keep',
    'hash',
    '+',
  ])('are not %j', (words) => {
    expect(parseTreatment(words)).toBeUndefined();
  });
});

describe('what leaves', () => {
  it.each([
    [['refuse'], undefined, false, 'nothing'],
    [['drop'], undefined, false, 'nothing'],
    [['internal'], undefined, false, 'nothing'],
    [['internal', 'link'], undefined, true, 'nothing'],
    [['link', 'keep'], undefined, true, 'exact'],
    [['band'], 'month', false, 'month'],
    [['link', 'band'], 'year', true, 'year'],
  ] as const)('under %j by %s: tokens %s, value %s', (treatment, band, tokens, value) => {
    expect(leavingOf({ treatment: [...treatment], band })).toEqual({ tokens, value });
  });

  it('is ordered: a year is part of a month, a month of a day; tokens and values are apart', () => {
    const of = (words: string) => leavingOf(parseTreatment(words) ?? { treatment: ['keep'] });
    expect(leavesNoMore(of('band by year'), of('band by month'))).toBe(true);
    expect(leavesNoMore(of('band by month'), of('band by year'))).toBe(false);
    expect(leavesNoMore(of('band by month'), of('keep'))).toBe(true);
    expect(leavesNoMore(of('link'), of('keep'))).toBe(false);
    expect(leavesNoMore(of('keep'), of('link'))).toBe(false);
    expect(leavesNoMore(of('internal'), of('refuse'))).toBe(true);
  });

  it('is never more under a treatment to choose from, and every treatment that gives less is there', () => {
    fc.assert(
      fc.property(treated, fc.constantFrom('date' as const, 'text' as const), (field, type) => {
        const choices = narrowerTreatments({ ...field, type });
        expect(choices).toContain(treatmentWords(field));
        expect(choices).toEqual(expect.arrayContaining(['drop', 'refuse']));
        for (const words of choices) {
          const parsed = parseTreatment(words);
          expect(parsed).toBeDefined();
          if (parsed !== undefined) expect(leavesNoMore(leavingOf(parsed), leavingOf(field))).toBe(true);
        }
      }),
    );
    expect(narrowerTreatments({ treatment: ['link', 'keep'], type: 'date' })).toEqual(
      expect.arrayContaining(['link', 'keep', 'link + band by month', 'link + band by year']),
    );
    expect(narrowerTreatments({ treatment: ['drop'], type: 'text' })).toEqual(['drop', 'refuse']);
  });

  it('has a word for every treatment', () => {
    expect(treatments.every((each) => each === 'band' || parseTreatment(each) !== undefined)).toBe(true);
  });
});
