import { beforeAll, describe, expect, it } from 'vitest';
import { attack, audit } from '../attack/attack.js';
import { type AttackerModel, OUTSIDER } from '../attack/model.js';
import type { Candidate, CellId } from '../candidate/cell.js';
import { type CountedTable, candidateOf, groupOf } from '../candidate/tables.js';
import { cityTables, shuffled } from '../fixtures/city.js';
import {
  COMPLEMENTS,
  CYCLE_4X4,
  LINKED,
  SUBGROUPS,
  THREE_SINGLETONS,
  ZEROS_AND_ONES,
} from '../fixtures/instances.js';
import { plainCandidate, plainTable } from '../fixtures/plain.js';
import { loadSolver, type Solver } from '../linear/program.js';
import { type ProtectionPolicy, STRICT_POLICY } from './policy.js';
import { primaryCells } from './primary.js';
import { type Protected, policyReader, protect, protectCells, publishedCells } from './protect.js';

let solver: Solver;
beforeAll(async () => {
  solver = await loadSolver();
});

const NOTHING: ReadonlySet<CellId> = new Set();

const protectBy = (candidate: Candidate, policy: ProtectionPolicy): Protected =>
  protect({ candidate, policy, alreadyPublic: NOTHING, solver });

const shield = (candidate: Candidate, policy: ProtectionPolicy, primary: Iterable<CellId>): Protected =>
  protectCells({ candidate, policy, alreadyPublic: NOTHING, solver }, new Set(primary));

/** Least and most of a cell to an attacker, after protection. */
const rangesAfter = (candidate: Candidate, { withheld }: Protected, model: AttackerModel) => {
  const published = publishedCells(candidate, withheld);
  return attack({ published, structure: candidate.structure, model, solver });
};

const widthsAfter = (candidate: Candidate, outcome: Protected, model: AttackerModel): readonly number[] => {
  const ranges = rangesAfter(candidate, outcome, model);
  return [...outcome.primary].map((cell) => {
    const { least, most } = ranges.get(cell) ?? { least: 0, most: 0 };
    return most - least;
  });
};

const policyOf = (threshold: number, zeroCounts: ProtectionPolicy['zeroCounts']): ProtectionPolicy => ({
  threshold,
  zeroCounts,
  minIntervalWidth: threshold - 1,
});

describe('published instances', () => {
  it('a 4 x 4 table with two suppressed cells in every row and column needs one more', () => {
    const { rows, cols, counts, suppressed } = CYCLE_4X4;
    const table = plainTable(rows, cols, counts);
    const outcome = shield(table, STRICT_POLICY, suppressed);
    expect(outcome.audit.verdict).toBe('protected');
    expect(outcome.withheld.size).toBeGreaterThan(suppressed.length);
    expect([...outcome.withheld].some((cell) => cell.includes('Total'))).toBe(false);
    expect(Math.min(...widthsAfter(table, outcome, OUTSIDER))).toBeGreaterThanOrEqual(10);
  });

  it('two linked tables are protected together', () => {
    const { leaves, counties, sizes, primary } = LINKED;
    const sums = [...Object.entries(counties), ...Object.entries(sizes)];
    const totals = [Object.keys(counties), Object.keys(sizes)].map((parts) => ['Total', parts] as const);
    const both = plainCandidate(leaves, [...sums, ...totals]);
    const outcome = shield(both, policyOf(4, 'publish-structural'), primary);
    expect(outcome.audit.verdict).toBe('protected');
    expect(outcome.withheld.has('Total')).toBe(false);
    expect(Math.min(...widthsAfter(both, outcome, OUTSIDER))).toBeGreaterThanOrEqual(3);
  });

  it('three singletons stand against a reader who knows that a withheld cell is not 0', () => {
    const { rows, cols, counts, primary } = THREE_SINGLETONS;
    const table = plainTable(rows, cols, counts);
    const policy = policyOf(3, 'publish-always');
    const outcome = shield(table, { ...policy, minIntervalWidth: 3 }, primary);
    expect(outcome.audit.verdict).toBe('protected');
    const widths = widthsAfter(table, outcome, policyReader(table, policy));
    expect(Math.min(...widths)).toBeGreaterThanOrEqual(3);
  });

  it.each(ZEROS_AND_ONES.slice(1))('zeros and ones next to a published total: case %#', ({
    parts,
    suppressed,
  }) => {
    const names = parts.map((_, at) => `part-${at}`);
    const table = plainCandidate(Object.fromEntries(parts.map((count, at) => [`part-${at}`, count])), [
      ['Total', names],
    ]);
    const primary = suppressed.map((at) => `part-${at}`);
    const outcome = shield(table, policyOf(3, 'publish-structural'), primary);
    expect(outcome.audit.verdict).toBe('protected');
    expect(Math.min(...widthsAfter(table, outcome, OUTSIDER))).toBeGreaterThanOrEqual(2);
  });
});

const oneWay = (
  dim: string,
  groups: readonly { yes: number; no: number; unknown: number }[],
): CountedTable => {
  const sum = (status: 'yes' | 'no' | 'unknown'): number =>
    groups.reduce((total, group) => total + group[status], 0);
  return {
    measure: 'chronic',
    population: 'enrolled',
    dims: [dim],
    rows: [
      ...groups.map((group, at) => ({ levels: [`L${at}`], ...group })),
      { levels: [null], yes: sum('yes'), no: sum('no'), unknown: sum('unknown') },
    ],
  };
};

describe('rates near 0 % and 100 %', () => {
  it.each(COMPLEMENTS)('$yes of $yes + $no: neither count can be told', ({ yes, no }) => {
    const table = oneWay('school', [
      { yes, no, unknown: 0 },
      { yes: 40, no: 60, unknown: 0 },
      { yes: 35, no: 70, unknown: 0 },
    ]);
    const candidate = candidateOf([table]);
    const outcome = protectBy(candidate, STRICT_POLICY);
    const group = groupOf(table, ['L0']);
    expect(outcome.withheld.has(group.yes) && outcome.withheld.has(group.no)).toBe(true);
    expect(outcome.audit.verdict).toBe('protected');
    expect(Math.min(...widthsAfter(candidate, outcome, OUTSIDER))).toBeGreaterThanOrEqual(10);
  });
});

describe('a subgroup left out of print', () => {
  const { ages, all, male, threshold } = SUBGROUPS;
  const rowOf = (levels: readonly (string | null)[], [yes, size]: readonly [number, number]) => ({
    levels,
    yes,
    no: size - yes,
    unknown: 0,
  });
  const sumOver = (pairs: readonly (readonly [number, number])[]): readonly [number, number] =>
    pairs.reduce<readonly [number, number]>(([y, n], [yes, size]) => [y + yes, n + size], [0, 0]);
  const female = all.map(([yes, size], at): readonly [number, number] => {
    const [maleYes, maleSize] = male[at] ?? [0, 0];
    return [yes - maleYes, size - maleSize];
  });
  const margin = (sex: string | null, pairs: readonly (readonly [number, number])[]) => [
    ...ages.map((age, at) => rowOf([age, sex], pairs[at] ?? [0, 0])),
    rowOf([null, sex], sumOver(pairs)),
  ];
  const table: CountedTable = {
    measure: 'chronic',
    population: 'enrolled',
    dims: ['age', 'sex'],
    rows: [...margin('male', male), ...margin('female', female), ...margin(null, all)],
  };
  const candidate = candidateOf([table]);
  const women = ages.flatMap((age) => Object.values(groupOf(table, [age, 'female'])));

  it('is worked out from two tables that pass one by one', () => {
    const published = publishedCells(candidate, new Set(women));
    const ranges = attack({ published, structure: candidate.structure, model: OUTSIDER, solver });
    expect(ranges.get(groupOf(table, ['21-30', 'female']).all)).toMatchObject({ least: 1, most: 1 });
  });

  it('is not after protection', () => {
    const policy = policyOf(threshold, 'publish-structural');
    const outcome = protectBy(candidate, policy);
    expect(outcome.audit.verdict).toBe('protected');
    expect(Math.min(...widthsAfter(candidate, outcome, OUTSIDER))).toBeGreaterThanOrEqual(threshold - 1);
  });
});

describe("a city's release", () => {
  const candidate = candidateOf(cityTables(1500, 7));
  let outcome: Protected;
  beforeAll(() => {
    outcome = protectBy(candidate, STRICT_POLICY);
  });

  it('stands against A0 and A1, each withheld cell of it', () => {
    expect(outcome.audit.verdict).toBe('protected');
    const published = publishedCells(candidate, outcome.withheld);
    const demands = new Map([...outcome.withheld].map((cell) => [cell, outcome.primary.has(cell) ? 10 : 1]));
    for (const model of [OUTSIDER, policyReader(candidate, STRICT_POLICY)]) {
      expect(audit({ published, structure: candidate.structure, model, solver }, demands)).toEqual([]);
    }
  });

  it('withholds every sensitive cell, and gives many away if only those are withheld', () => {
    const primary = primaryCells(candidate, STRICT_POLICY);
    expect([...primary].every((cell) => outcome.withheld.has(cell))).toBe(true);
    const published = publishedCells(candidate, primary);
    const ranges = attack({ published, structure: candidate.structure, model: OUTSIDER, solver });
    const exact = [...ranges.values()].filter(({ least, most }) => least === most).length;
    expect(exact / primary.size).toBeGreaterThan(0.3);
  });

  it('prints the yes and the no of a group together or not at all, unless neither is anywhere near none', () => {
    const count = (cell: CellId): number => candidate.cells.get(cell)?.count ?? 0;
    const alone = candidate.groups.filter(
      ({ yes, no }) => outcome.withheld.has(yes) !== outcome.withheld.has(no),
    );
    expect(alone.length).toBeGreaterThan(0);
    for (const { yes, no } of alone) expect(Math.min(count(yes), count(no))).toBeGreaterThanOrEqual(44);
  });

  it('lists what it withholds by name, so that the order does not tell sensitive cells from the rest', () => {
    expect([...outcome.withheld]).toEqual([...outcome.withheld].sort());
  });

  it('always prints an empty group and an unknown of 0', () => {
    const isZero = (cell: CellId): boolean => candidate.cells.get(cell)?.count === 0;
    for (const group of candidate.groups) {
      if (isZero(group.unknown)) expect(outcome.withheld.has(group.unknown)).toBe(false);
      if (isZero(group.all))
        expect(Object.values(group).some((cell) => outcome.withheld.has(cell))).toBe(false);
    }
  });

  it('withholds nothing where every count is above 10,000', () => {
    const months = Array.from({ length: 30 }, (_, at) => ({
      yes: 10_001 + at,
      no: 20_000 + at,
      unknown: 10_500,
    }));
    const clean = protectBy(candidateOf([oneWay('month', months)]), STRICT_POLICY);
    expect([...clean.withheld]).toEqual([]);
  });

  it('comes out the same from tables and rows in another order', () => {
    const tables = cityTables(250, 7).filter(({ dims }) =>
      dims.every((dim) => dim !== 'school' && dim !== 'language'),
    );
    const outcomes = [tables, shuffled(tables, 1), shuffled(tables, 2)].map((each) =>
      JSON.stringify([...protectBy(candidateOf(each), STRICT_POLICY).withheld].sort()),
    );
    expect(new Set(outcomes).size).toBe(1);
  });
});

describe('margins', () => {
  it('keep the grand total in print where the levels can cover for one another', () => {
    const table = oneWay('school', [
      { yes: 3, no: 97, unknown: 20 },
      { yes: 30, no: 70, unknown: 20 },
      { yes: 33, no: 77, unknown: 20 },
    ]);
    const { withheld } = protectBy(candidateOf([table]), STRICT_POLICY);
    for (const cell of Object.values(groupOf(table, [null]))) expect(withheld.has(cell)).toBe(false);
    for (const level of ['L0', 'L1', 'L2']) expect(withheld.has(groupOf(table, [level]).all)).toBe(false);
  });

  it('keep the headline count in print where few over all are unknown', () => {
    const table = oneWay('school', [
      { yes: 40, no: 900, unknown: 3 },
      { yes: 30, no: 800, unknown: 2 },
      { yes: 35, no: 700, unknown: 3 },
    ]);
    const candidate = candidateOf([table]);
    const outcome = protectBy(candidate, STRICT_POLICY);
    const { yes, no, unknown, all } = groupOf(table, [null]);
    expect([yes, no, unknown, all].map((cell) => outcome.withheld.has(cell))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(outcome.audit.verdict).toBe('protected');
    const published = publishedCells(candidate, outcome.withheld);
    const reader = policyReader(candidate, STRICT_POLICY, published);
    expect(Math.min(...widthsAfter(candidate, outcome, reader))).toBeGreaterThanOrEqual(10);
  });
});

describe('what cannot be protected', () => {
  const table = oneWay('school', [
    { yes: 3, no: 97, unknown: 20 },
    { yes: 30, no: 70, unknown: 20 },
  ]);
  const other: CountedTable = { ...table, measure: 'dental', population: 'patients' };
  const candidate = candidateOf([table, other]);
  const ours = new Set(['L0', 'L1', null].flatMap((level) => Object.values(groupOf(table, [level]))));

  it.each(['yes', 'no'] as const)('is withheld with all it is tied to: %s is public already', (status) => {
    const alreadyPublic = new Set([
      groupOf(table, ['L0'])[status],
      groupOf(table, ['L0']).unknown,
      groupOf(table, ['L0']).all,
    ]);
    const outcome = protect({ candidate, policy: STRICT_POLICY, alreadyPublic, solver });
    expect(outcome.audit.verdict).toBe('refused');
    expect(outcome.audit.shortfalls.map(({ cell }) => cell)).toContain(groupOf(table, ['L0']).yes);
    for (const cell of ours) expect(outcome.withheld.has(cell)).toBe(true);
  });

  it('leaves the rest in print', () => {
    const alreadyPublic = new Set([groupOf(table, ['L0']).yes]);
    const { withheld } = protect({ candidate, policy: STRICT_POLICY, alreadyPublic, solver });
    const theirs = Object.values(groupOf(other, [null]));
    for (const cell of theirs) expect(withheld.has(cell)).toBe(false);
  });

  it('includes what a public companion gives away', () => {
    const both = oneWay('school', [
      { yes: 3, no: 97, unknown: 20 },
      { yes: 5, no: 95, unknown: 20 },
    ]);
    const { yes, no, unknown, all } = groupOf(both, ['L0']);
    const ours = { candidate: candidateOf([both]), policy: STRICT_POLICY, solver };
    expect(protect({ ...ours, alreadyPublic: NOTHING }).audit.verdict).toBe('protected');
    const outcome = protect({ ...ours, alreadyPublic: new Set([no, unknown, all]) });
    expect(outcome.audit.verdict).toBe('refused');
    expect(outcome.audit.shortfalls.map(({ cell }) => cell)).toContain(yes);
  });

  it('is not for want of a companion that is public already', () => {
    const alreadyPublic = new Set([groupOf(table, ['L0']).no]);
    const outcome = protect({ candidate, policy: STRICT_POLICY, alreadyPublic, solver });
    expect(outcome.audit.verdict).toBe('protected');
  });

  it('is protected around what is public already where it can be', () => {
    const alreadyPublic = new Set(Object.values(groupOf(table, ['L1'])));
    const outcome = protect({ candidate, policy: STRICT_POLICY, alreadyPublic, solver });
    expect(outcome.audit.verdict).toBe('protected');
    for (const cell of alreadyPublic) expect(outcome.withheld.has(cell)).toBe(false);
  });
});
