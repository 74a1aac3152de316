import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clinicDsa, documentsWith, dsa, dul, emou, policy } from '../documents/sample-documents.fixture.js';
import { prohibition, recipient, use } from '../documents/terms.js';
import { type Bearing, meetOf } from './meet.js';
import { policyWords } from './words.js';

const some = <T extends string>(words: readonly T[]) => fc.subarray([...words], { minLength: 1 });
const day = fc.integer({ min: 1, max: 28 }).map((number) => `2026-06-${String(number).padStart(2, '0')}`);
const cell = fc.integer({ min: 3, max: 40 });

const terms = fc.record({ min_cell: cell, expires: day });
const shared = fc.record({
  min_cell: cell,
  expires: day,
  permitted_uses: some(use.options),
  recipients: some(recipient.options),
  prohibited_uses: fc.subarray([...prohibition.options]),
});
const licence = fc.record({
  min_cell: cell,
  expires: day,
  uses: some(use.options),
  recipients: some(recipient.options),
});
const asked = fc.record({ emou: terms, school: shared, clinic: shared, dul: licence, policy: terms });
type Asked = typeof asked extends fc.Arbitrary<infer T> ? T : never;

const withCell = <T extends { min_cell: number }>({ min_cell, ...rest }: T) => ({
  ...rest,
  thresholds: { min_cell },
});

function bearingOf({ emou: e, school, clinic, dul: d, policy: p }: Asked): Bearing {
  const set = documentsWith({
    emou: { ...emou, ...withCell(e) },
    dsa: { ...dsa, ...withCell(school) },
    clinicDsa: { ...clinicDsa, ...withCell(clinic) },
    dul: { ...dul, ...withCell(d) },
    policy: { ...policy, ...p },
  });
  return { emous: set.emous, dsas: set.dsas, dul: set.duls[0], policy: set.policies[0] };
}

describe('the meet of policies', () => {
  it('is what each document asks for and none can loosen', () => {
    fc.assert(
      fc.property(asked, (each) => {
        const { emou: e, school, clinic, dul: d, policy: p } = each;
        const met = meetOf(bearingOf(each));
        const all = [e, school, clinic, d, p];
        expect(all.every(({ min_cell }) => met.minCell >= min_cell)).toBe(true);
        expect(all.some(({ min_cell }) => met.minCell === min_cell)).toBe(true);
        expect(all.every(({ expires }) => met.expires <= expires)).toBe(true);
        expect(all.some(({ expires }) => met.expires === expires)).toBe(true);
        for (const word of use.options)
          expect(met.uses.includes(word)).toBe(
            school.permitted_uses.includes(word) &&
              clinic.permitted_uses.includes(word) &&
              d.uses.includes(word),
          );
        for (const word of recipient.options)
          expect(met.recipients.includes(word)).toBe(
            [school, clinic, d].every(({ recipients }) => recipients.includes(word)),
          );
        for (const word of prohibition.options)
          expect(met.prohibitions.some((found) => found.prohibition === word)).toBe(
            [school, clinic].some(({ prohibited_uses }) => prohibited_uses.includes(word)),
          );
      }),
      { numRuns: 40 },
    );
  });

  it('is stricter with every further agreement, whatever their order', () => {
    fc.assert(
      fc.property(asked, (each) => {
        const bearing = bearingOf(each);
        const fewer = meetOf({ ...bearing, dsas: bearing.dsas.slice(0, 1) });
        const met = meetOf(bearing);
        expect(met.minCell).toBeGreaterThanOrEqual(fewer.minCell);
        expect(met.expires <= fewer.expires).toBe(true);
        expect(fewer.uses).toEqual(expect.arrayContaining([...met.uses]));
        const reversed = meetOf({ ...bearing, dsas: [...bearing.dsas].reverse() });
        expect([reversed.minCell, reversed.expires, new Set(reversed.uses)]).toEqual([
          met.minCell,
          met.expires,
          new Set(met.uses),
        ]);
      }),
      { numRuns: 20 },
    );
  });

  it('is said in words, with the document that set each term', () => {
    const { emous, dsas, duls, policies } = documentsWith({
      clinicDsa: { ...clinicDsa, thresholds: { min_cell: 11 }, expires: '2026-03-31' },
    });
    const bearing = { emous, dsas, dul: duls[0], policy: policies[0] };
    expect(policyWords(bearing, meetOf(bearing))).toEqual([
      'no count below 11 is published: dsa-clinic; less would do for emou-a 10, dsa-school 10, dul-a 10, policy-a 10',
      'may be used for public-release: what every agreement permits',
      'may reach public: whom every agreement lets it reach',
      'must never serve marketing: dsa-clinic, dsa-school',
      'must never serve reidentification: dsa-clinic, dsa-school',
      'until 2026-03-31: dsa-clinic ends first',
    ]);
  });
});
