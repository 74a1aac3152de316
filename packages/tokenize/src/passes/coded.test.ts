import type { SlotPart } from '@throughline/agreement';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Identifiers, nothingKnown, partOf } from '../tok1/parts.js';
import { codedFile } from './coded.js';
import { partnerPlan } from './plan-file.js';

const PARTS: readonly SlotPart[] = ['first', 'last', 'names.sorted'];
const name = fc.option(fc.constantFrom('ANA', 'BEA', 'CLEO'), { nil: null });
const records = fc.array(fc.record({ first: name, last: name, person: fc.nat(6) }), { maxLength: 25 });

const fileOf = (given: readonly { first: string | null; last: string | null; person: number }[]) => ({
  rows: given.map(({ first, last }): Identifiers => ({ ...nothingKnown, first, last })),
  persons: given.map(({ person }) => person),
});

/** The persons who have each value of a pass, by looking at every row. */
function holders({ rows, persons }: ReturnType<typeof fileOf>, parts: readonly SlotPart[]): Set<number>[] {
  const of = new Map<string, Set<number>>();
  for (const [row, identifiers] of rows.entries()) {
    const values = parts.map((part) => partOf(part, identifiers)[0]);
    if (values.includes(undefined)) continue;
    const value = JSON.stringify(values);
    of.set(value, (of.get(value) ?? new Set()).add(persons[row] ?? 0));
  }
  return [...of.values()];
}

describe('codedFile', () => {
  it('counts the values that one person alone has as a look at every row does', () => {
    fc.assert(
      fc.property(records, fc.subarray([...PARTS], { minLength: 1 }), (given, parts) => {
        const file = fileOf(given);
        const values = holders(file, parts);
        const unique = values.filter(({ size }) => size === 1).length;
        expect(codedFile(file, PARTS).shareOf(parts).uniqueShare).toBeCloseTo(
          values.length === 0 ? 0 : unique / values.length,
          12,
        );
      }),
    );
  });

  it('estimates from two halves how often a person meets another', () => {
    const twins = fileOf(
      Array.from({ length: 4000 }, (_, person) => ({ first: `F${person >> 1}`, last: 'VEGA', person })),
    );
    const { meetingRate } = codedFile(twins, PARTS).shareOf(['first', 'last']);
    expect(meetingRate * 4000).toBeGreaterThan(0.9);
    expect(meetingRate * 4000).toBeLessThan(1.1);
    expect(codedFile(twins, PARTS).agreementOf(['first'])).toBeLessThan(1e-3);
  });

  it('gives the gate what an owner tells of each pass', () => {
    const file = fileOf([
      { first: 'ANA', last: 'VEGA', person: 0 },
      { first: 'ANA', last: 'VEGA', person: 0 },
      { first: 'BEA', last: 'VEGA', person: 1 },
    ]);
    const plan = partnerPlan('school', file, [{ name: 'names', parts: ['first', 'last'] }]);
    expect(plan).toMatchObject({ partner: 'school', persons: 2 });
    expect(plan.passes.get('names')).toEqual({ uniqueShare: 1, meetingRate: 0 });
  });
});
