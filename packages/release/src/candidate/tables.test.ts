import { describe, expect, it } from 'vitest';
import { cityTables, shuffled } from '../fixtures/city.js';
import { type CountedTable, candidateOf, groupOf } from './tables.js';

const row = (levels: readonly (string | null)[], yes: number, no: number, unknown: number) => ({
  levels,
  yes,
  no,
  unknown,
});

const bySex = (measure: string): CountedTable => ({
  measure,
  population: 'enrolled',
  dims: ['sex'],
  rows: [row(['F'], 3, 4, 5), row(['M'], 6, 7, 8), row([null], 9, 11, 13)],
});

const bySexAndGrade: CountedTable = {
  measure: 'chronic',
  population: 'enrolled',
  dims: ['sex', 'grade'],
  rows: [
    row(['F', 'K'], 1, 2, 3),
    row(['F', '1'], 2, 2, 2),
    row(['F', null], 3, 4, 5),
    row(['M', 'K'], 6, 0, 0),
    row(['M', '1'], 0, 7, 8),
    row(['M', null], 6, 7, 8),
    row([null, 'K'], 7, 2, 3),
    row([null, '1'], 2, 9, 10),
    row([null, null], 9, 11, 13),
  ],
};

const withRow = (
  table: CountedTable,
  at: number,
  replacement: CountedTable['rows'][number],
): CountedTable => ({
  ...table,
  rows: table.rows.map((old, place) => (place === at ? replacement : old)),
});

describe('one number, one cell', () => {
  it('gives the margin of one table and the row of another the same cells', () => {
    expect(groupOf(bySexAndGrade, ['F', null])).toEqual(groupOf(bySex('chronic'), ['F']));
    expect(candidateOf([bySex('chronic'), bySexAndGrade]).cells.size).toBe(9 * 4);
  });

  it('does not mind the order of dimensions', () => {
    const turned = { ...bySexAndGrade, dims: ['grade', 'sex'] };
    expect(groupOf(turned, ['K', 'F'])).toEqual(groupOf(bySexAndGrade, ['F', 'K']));
  });

  it('gives measures of one population one denominator and their own outcomes', () => {
    const [chronic, dental] = [groupOf(bySex('chronic'), ['F']), groupOf(bySex('dental'), ['F'])];
    expect(dental.all).toBe(chronic.all);
    expect(new Set([...Object.values(chronic), ...Object.values(dental)]).size).toBe(7);
  });

  it('keeps names apart whatever a level contains', () => {
    const odd = { ...bySex('chronic'), dims: ['sex', 'grade'] };
    expect(groupOf(odd, ['a","b', 'c'])).not.toEqual(groupOf(odd, ['a', 'b","c']));
    expect(groupOf(odd, ['Total', null])).not.toEqual(groupOf(odd, [null, null]));
  });
});

describe('structure', () => {
  it('holds for the counts it came from', () => {
    const { cells, structure } = candidateOf(cityTables(300, 1));
    for (const { terms, constant } of structure.equations) {
      expect(
        terms.reduce((sum, [id, factor]) => sum + factor * (cells.get(id)?.count ?? Number.NaN), 0),
      ).toBe(constant);
    }
  });

  it('has every status sum and every total, once', () => {
    const { structure } = candidateOf([bySexAndGrade, bySex('chronic')]);
    const statusSums = 9;
    const totals = 4 * (3 + 3);
    expect(structure.equations.length).toBe(statusSums + totals);
  });

  it('does not depend on the order of tables and rows', () => {
    const tables = cityTables(300, 1);
    expect(candidateOf(shuffled(tables, 2))).toEqual(candidateOf(tables));
    expect([...candidateOf(shuffled(tables, 3)).cells.keys()]).toEqual([...candidateOf(tables).cells.keys()]);
  });

  it('has a single row where there is no dimension', () => {
    const table = { ...bySex('chronic'), dims: [], rows: [row([], 9, 11, 13)] };
    expect(candidateOf([table]).cells.size).toBe(4);
  });
});

describe('refuses, naming the place and no count,', () => {
  const refused: readonly [string, readonly CountedTable[], RegExp][] = [
    [
      'a missing level',
      [{ ...bySex('chronic'), rows: bySex('chronic').rows.slice(1) }],
      /^tables: 4 totals differ/,
    ],
    [
      'a missing row',
      [{ ...bySexAndGrade, rows: bySexAndGrade.rows.slice(1) }],
      /^tables\[0\] must have 9 rows/,
    ],
    [
      'a missing total',
      [{ ...bySex('chronic'), rows: bySex('chronic').rows.slice(0, 2) }],
      /^tables\[0\] must have 3/,
    ],
    [
      'a repeated row',
      [withRow(bySex('chronic'), 1, row(['F'], 6, 7, 8))],
      /^tables\[0\]\.rows\[1\] repeats/,
    ],
    ['a fraction', [withRow(bySex('chronic'), 0, row(['F'], 3.5, 4, 5))], /rows\[0\]\.yes must be a whole/],
    [
      'a negative count',
      [withRow(bySex('chronic'), 0, row(['F'], 3, -4, 5))],
      /rows\[0\]\.no must be a whole/,
    ],
    [
      'not a number',
      [withRow(bySex('chronic'), 0, row(['F'], 3, 4, Number.NaN))],
      /rows\[0\]\.unknown must be/,
    ],
    ['a wrong total', [withRow(bySex('chronic'), 2, row([null], 9, 12, 13))], /^tables: \d+ totals differ/],
    [
      'two dimensions of one name',
      [{ ...bySexAndGrade, dims: ['sex', 'sex'] }],
      /^tables\[0\] repeats a dimension/,
    ],
    ['a level too few', [withRow(bySex('chronic'), 0, row([], 3, 4, 5))], /rows\[0\] must have one level/],
    ['a third dimension', [{ ...bySex('chronic'), dims: ['a', 'b', 'c'] }], /at most 2 dimensions/],
    [
      'two values of one cell',
      [bySexAndGrade, withRow(withRow(bySex('chronic'), 0, row(['F'], 4, 4, 5)), 1, row(['M'], 5, 7, 8))],
      /^tables\[1\]\.rows\[0\]\.yes differs/,
    ],
    [
      'two populations of one measure',
      [bySex('chronic'), { ...bySexAndGrade, population: 'all' }],
      /population/,
    ],
  ];
  it.each(refused)('%s', (_, tables, message) => {
    expect(() => candidateOf(tables)).toThrow(message);
  });
});
