import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ANY, type Column, lossesOf, requireHierarchy, toldOrNot } from './hierarchies.js';
import { smallestLoss } from './lattice.js';
import { forbiddenColumns } from './lint.js';
import { suppressLocally } from './local-suppression.js';
import { protectRows } from './protect-rows.js';
import { readAdult } from './read-adult.fixture.js';
import { averageRisk, diversities, frequencies, populationFrequencies } from './risk.js';
import { classesAt, type Demand, encode, failingAt, type Row, rowsOf } from './rows.js';

const vectors = JSON.parse(
  readFileSync(new URL('../../../../fixtures/disclosure/sdcmicro-vectors.json', import.meta.url), 'utf8'),
);
const expected = JSON.parse(
  readFileSync(new URL('../../../../fixtures/disclosure/adult/expected.json', import.meta.url), 'utf8'),
);

describe('UCI Adult with the hierarchies of ARX (D13)', () => {
  const { columns, rows } = readAdult();
  const encoded = encode(columns, rows);
  const bottom = columns.map(() => 0);

  it('has 19,502 classes and the average risk that ARX finds', () => {
    expect(rows).toHaveLength(expected.raw.records);
    expect(classesAt(encoded, bottom)).toHaveLength(expected.raw.equivalence_classes);
    expect(averageRisk(frequencies(rows.map(({ keys }) => keys)))).toBeCloseTo(
      expected.raw.avg_reid_risk,
      12,
    );
  });

  it('has as many rows below k at the levels that ARX finds best', () => {
    const order = expected.columns_order.map((name: string) =>
      columns.findIndex((each) => each.name === name),
    );
    const levelsOf = (levels: readonly number[]) => columns.map((_, at) => levels[order.indexOf(at)] ?? 0);
    for (const { k, levels, classes, records_below_k } of [
      ...expected.arx_optimal_generalisation_levels,
      expected.not_optimal_but_valid,
    ]) {
      const at = levelsOf(levels);
      const failing = failingAt(encoded, at, { k, l: 1 });
      expect([
        rowsOf(encoded, failing),
        failing.length === 0 || classesAt(encoded, at).length >= classes,
      ]).toEqual([records_below_k, true]);
    }
  });

  it('finds a generalisation of four columns that loses no more than any that meets the demand', () => {
    const chosen = [0, 1, 2, 3];
    const few = encode(
      chosen.flatMap((at) => columns[at] ?? []),
      rows.slice(0, 3000).map(({ keys }) => ({ keys: chosen.map((at) => keys[at] ?? ''), sensitive: [] })),
    );
    const found = smallestLoss(few, { k: 5, l: 1 }, 0.04);
    expect(found?.failingRows).toBeLessThanOrEqual(120);
    expect(found?.loss).toBeCloseTo(slowest(few, { k: 5, l: 1 }, 0.04) ?? Number.NaN, 12);
  });
});

describe('vectors of sdcMicro', () => {
  const { A, B, C, fk } = vectors.freqCalc;
  const rowsOfColumns = (...lists: readonly (readonly (number | null)[])[]) =>
    lists[0]?.map((_, at) => lists.map((list) => (list[at] === null ? null : String(list[at])))) ?? [];

  it('frequencies, without and with missing keys (D14)', () => {
    expect(frequencies(rowsOfColumns(A, B, C))).toEqual(fk);
    const missing = vectors['freqCalc_with_missing (NA matches anything)'];
    expect(frequencies(rowsOfColumns(A, B, missing.C))).toEqual(missing.fk);
  });

  it('distinct l-diversity (D15)', () => {
    const { keys, sensitive, distinct_l } = vectors.l_diversity;
    expect(diversities(keys, sensitive.map(String))).toEqual(distinct_l);
  });
});

/** Every node of the lattice, every row counted anew. */
function slowest(encoded: ReturnType<typeof encode>, { k, l }: Demand, mostFailing: number): number | null {
  const { columns, kinds } = encoded;
  const rows = kinds.flatMap((kind) => Array.from({ length: kind.count }, () => kind));
  const heights = columns.map(({ hierarchy }) => (hierarchy.values().next().value?.length ?? 1) - 1);
  const nodes = heights.reduce<number[][]>(
    (all, height) =>
      all.flatMap((levels) => Array.from({ length: height + 1 }, (_, level) => [...levels, level])),
    [[]],
  );
  const losses = columns.map(lossesOf);
  const loss = nodes.flatMap((levels) => {
    const look = (row: Row) =>
      JSON.stringify(row.keys.map((key, at) => columns[at]?.hierarchy.get(key)?.[levels[at] ?? 0]));
    const alike = new Map<string, Row[]>();
    for (const row of rows) alike.set(look(row), [...(alike.get(look(row)) ?? []), row]);
    const fails = (row: Row) => {
      const members = alike.get(look(row)) ?? [];
      return (
        members.length < k ||
        row.sensitive.some((_, at) => new Set(members.map(({ sensitive }) => sensitive[at])).size < l)
      );
    };
    const failing = rows.filter(fails).length;
    if (failing > mostFailing * rows.length) return [];
    const cells = rows.flatMap((row) =>
      row.keys.map((key, at) => (fails(row) ? 1 : (losses[at]?.get(key)?.[levels[at] ?? 0] ?? 0))),
    );
    return [cells.length === 0 ? 0 : cells.reduce((sum, each) => sum + each, 0) / cells.length];
  });
  return loss.length === 0 ? null : Math.min(...loss);
}

const grade: Column = {
  name: 'grade',
  hierarchy: new Map([
    ['1', ['1', '1-2', '1-4', ANY]],
    ['2', ['2', '1-2', '1-4', ANY]],
    ['3', ['3', '3-4', '1-4', ANY]],
    ['4', ['4', '3-4', '1-4', ANY]],
    ['5', ['5', '5', '5', ANY]],
  ]),
};
const columns = [grade, toldOrNot('sex', ['F', 'M']), toldOrNot('iep', ['yes', 'no'])];
const someRow = fc.record({
  keys: fc.tuple(
    fc.constantFrom('1', '2', '3', '4', '5'),
    fc.constantFrom('F', 'M'),
    fc.constantFrom('yes', 'no'),
  ),
  sensitive: fc.tuple(fc.constantFrom('chronic', 'not', 'unknown')),
});
const someRows = fc.array(someRow, { maxLength: 40, size: 'max' });
const someDemand = fc.record({ k: fc.integer({ min: 1, max: 5 }), l: fc.integer({ min: 1, max: 3 }) });

describe('on random small data', () => {
  it('the generalisation found is the best of all, or there is none', () => {
    fc.assert(
      fc.property(someRows, someDemand, fc.constantFrom(0, 0.1, 0.3), (rows, demand, most) => {
        const encoded = encode(columns, rows);
        const found = smallestLoss(encoded, demand, most);
        const slow = slowest(encoded, demand, most);
        if (slow === null) expect(found).toBeNull();
        else expect(found?.loss).toBeCloseTo(slow, 12);
      }),
      { numRuns: 150 },
    );
  });

  it('every row that is told looks like k rows, with l values among them, and could be of so many people', () => {
    fc.assert(
      fc.property(someRows, someRows, someDemand, (rows, others, demand) => {
        const population = [...rows, ...others].map(({ keys }) => keys);
        const protection = { columns: ['grade', 'sex', 'iep'], rows, population, hierarchies: columns };
        const terms = { ...demand, mostSuppressed: 0.3, populationK: 6 };
        const found = protectRows(protection, terms);
        const told = (found?.told ?? []).filter((row) => row !== null);
        for (const row of told) {
          const alike = told.filter(({ keys }) => keys.join() === row.keys.join());
          expect(alike.length).toBeGreaterThanOrEqual(demand.k);
          expect(new Set(alike.map(({ sensitive }) => sensitive[0])).size).toBeGreaterThanOrEqual(demand.l);
        }
        if (told.length > 0) {
          expect(found?.smallestClass).toBeGreaterThanOrEqual(demand.k);
          expect(found?.smallestInPopulation).toBeGreaterThanOrEqual(6);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('local suppression changes nothing of rows that are enough, and blanks no more cells than it needs', () => {
    fc.assert(
      fc.property(someRows, fc.integer({ min: 2, max: 5 }), (rows, k) => {
        const told = suppressLocally(rows, { k, l: 1 });
        for (const [at, row] of rows.entries()) {
          const alike = rows.filter(({ keys }) => keys.join() === row.keys.join()).length;
          if (alike >= k) expect(told[at]).toEqual(row);
          for (const [column, key] of (told[at]?.keys ?? []).entries())
            expect([row.keys[column], ANY]).toContain(key);
        }
        const left = told.filter((row) => row === null).length;
        expect(left).toBeLessThan(k);
      }),
      { numRuns: 150 },
    );
  });

  it('frequencies in a population are those of a slow count', () => {
    fc.assert(
      fc.property(someRows, someRows, (rows, people) => {
        const keys = rows.map((row) => row.keys.map((key, at) => (at === 0 ? ANY : key)));
        const slow = keys.map(
          (row) =>
            people.filter((person) => person.keys.every((key, at) => at === 0 || key === row[at])).length,
        );
        expect(
          populationFrequencies(
            keys,
            people.map((person) => person.keys),
          ),
        ).toEqual(slow);
      }),
      { numRuns: 60 },
    );
  });
});

describe('hierarchies', () => {
  it('are refused where they are none', () => {
    expect(() => requireHierarchy(grade)).not.toThrow();
    const broken = (steps: readonly (readonly string[])[]) => () =>
      requireHierarchy({ name: 'c', hierarchy: new Map(steps.map((each) => [each[0] ?? '', each])) });
    expect(
      broken([
        ['a', 'x'],
        ['b', 'y'],
      ]),
    ).toThrow(/coarsest/);
    expect(
      broken([
        ['a', 'x', ANY],
        ['b', ANY],
      ]),
    ).toThrow(/levels/);
    expect(
      broken([
        ['a', 'x', 'p', ANY],
        ['b', 'x', 'q', ANY],
      ]),
    ).toThrow(/one value above/);
    expect(() => encode([toldOrNot('sex', ['F'])], [{ keys: ['M'], sensitive: [] }])).toThrow(/sex/);
  });
});

describe('lints of HIPAA', () => {
  it.each([
    [
      'safe-harbor',
      ['school', 'grade_band', 'entry_date', 'last_name'],
      ['school', 'entry_date', 'last_name'],
    ],
    ['limited-data-set', ['school', 'entry_date', 'zip', 'phone', 'mrn'], ['phone', 'mrn']],
    ['k-anonymity-only', ['race_ethnicity', 'person_id', 'notes'], ['person_id', 'notes']],
    ['safe-harbor', ['grade_band', 'race_ethnicity', 'sex', 'disability', 'home_language'], []],
  ] as const)('%s refuses what it must', (standard, columnNames, forbidden) => {
    expect(forbiddenColumns(columnNames, standard)).toEqual(forbidden);
  });
});
