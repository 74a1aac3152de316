import { beforeAll, describe, expect, it } from 'vitest';
import { attack } from '../attack/attack.js';
import { OUTSIDER } from '../attack/model.js';
import { loadSolver, type Solver } from '../linear/program.js';
import type { ProtectionPolicy } from '../protect/policy.js';
import { protect, publishedCells } from '../protect/protect.js';
import { furtherOf, NO_RELATIONS, type Relations } from './relations.js';
import { type CountedTable, candidateOf, groupOf } from './tables.js';

let solver: Solver;
beforeAll(async () => {
  solver = await loadSolver();
});

const policy: ProtectionPolicy = { threshold: 10, zeroCounts: 'publish-structural', minIntervalWidth: 10 };
type Counts = readonly [yes: number, no: number, unknown: number];
const SCHOOLS = ['A', 'B', 'C'] as const;

const table = (measure: string, population: string, counts: readonly Counts[]): CountedTable => {
  const total = ([0, 1, 2] as const).map((at) => counts.reduce((sum, each) => sum + each[at], 0));
  const row = (level: string | null, [yes = 0, no = 0, unknown = 0]: readonly number[]) => ({
    levels: [level],
    yes,
    no,
    unknown,
  });
  return {
    measure,
    population,
    dims: ['school'],
    rows: [...counts.map((each, at) => row(SCHOOLS[at] ?? '', each)), row(null, total)],
  };
};

const counted = (
  rows: readonly (readonly [string | null, Readonly<Record<string, number>>])[],
): { levels: readonly (string | null)[]; counts: Map<string, number> }[] =>
  rows.map(([level, counts]) => ({ levels: [level], counts: new Map(Object.entries(counts)) }));

/** What can be concluded about a number that is made of cells, given everything that is printed. */
function protectedAs(tables: readonly CountedTable[], relations: Relations, known: Relations = relations) {
  const candidate = candidateOf(tables, furtherOf(tables, known));
  const outcome = protect({ candidate, policy, solver, alreadyPublic: new Set() });
  const reader = candidateOf(tables, furtherOf(tables, relations));
  const published = publishedCells(candidate, outcome.withheld);
  const visible = new Map([...published].filter(([id]) => reader.cells.get(id)?.status !== 'overlap'));
  return {
    outcome,
    visible,
    ranges: attack({ published: visible, structure: reader.structure, model: OUTSIDER, solver }),
  };
}

describe('rules that count the same children', () => {
  /** Under the second rule three children of school B are not counted, one of whom is a yes. */
  const tables = [
    table('ma', 'p_ma', [
      [40, 100, 0],
      [50, 120, 0],
      [30, 90, 0],
    ]),
    table('ed', 'p_ed', [
      [40, 100, 0],
      [49, 118, 0],
      [30, 90, 0],
    ]),
  ];
  const overlaps = [
    {
      measure: 'ma',
      other: 'ed',
      dims: ['school'],
      rows: counted([
        ['A', { 'yes,yes': 40, 'no,no': 100 }],
        ['B', { 'yes,yes': 49, 'no,no': 118, 'yes,none': 1, 'no,none': 2 }],
        ['C', { 'yes,yes': 30, 'no,no': 90 }],
        [null, { 'yes,yes': 119, 'no,no': 308, 'yes,none': 1, 'no,none': 2 }],
      ]),
    },
  ];
  const relations = { ...NO_RELATIONS, overlaps };
  const single = JSON.stringify(['overlap', 'ma', 'yes,none', 'ed', ['school', 'B']]);

  it('would give a single child away, were both printed', () => {
    const { ranges, outcome } = protectedAs(tables, relations, NO_RELATIONS);
    expect(outcome.withheld.size).toBe(0);
    expect(ranges.get(single)).toMatchObject({ least: 1, most: 1 });
  });

  it('are printed only so far that a small difference stays in doubt', () => {
    const { ranges, outcome, visible } = protectedAs(tables, relations);
    const { least = 0, most = 0 } = ranges.get(single) ?? {};
    expect(outcome.audit.verdict).toBe('protected');
    expect(most - least).toBeGreaterThanOrEqual(policy.minIntervalWidth);
    expect([...visible.keys()].filter((id) => id.includes('overlap'))).toEqual([]);
    expect(visible.size).toBeGreaterThan(8);
  });

  it('must fit the tables', () => {
    const wrong = overlaps.map((each) => ({
      ...each,
      rows: each.rows.map(({ levels }) => ({ levels, counts: new Map([['yes,yes', 39]]) })),
    }));
    expect(() => candidateOf(tables, furtherOf(tables, { ...NO_RELATIONS, overlaps: wrong }))).toThrow(
      RangeError,
    );
  });
});

describe('bands', () => {
  const bands = (low: readonly Counts[], middle: readonly Counts[], high: readonly Counts[]) => [
    table('low', 'p', low),
    table('middle', 'p', middle),
    table('high', 'p', high),
  ];
  const tables = bands(
    [
      [50, 53, 0],
      [60, 90, 0],
      [70, 80, 0],
    ],
    [
      [50, 53, 0],
      [50, 100, 0],
      [40, 110, 0],
    ],
    [
      [3, 100, 0],
      [40, 110, 0],
      [40, 110, 0],
    ],
  );
  const relations = { ...NO_RELATIONS, partitions: [['low', 'middle', 'high']] };
  const small = groupOf(tables[2] ?? table('', '', []), ['A']).yes;

  it('add up: the band that is withheld follows from the others, if nobody tells the gate', () => {
    const { ranges } = protectedAs(tables, relations, NO_RELATIONS);
    expect(ranges.get(small)).toMatchObject({ least: 3, most: 3 });
  });

  it('are protected together where it is told', () => {
    const { ranges, outcome } = protectedAs(tables, relations);
    const { least = 0, most = 0 } = ranges.get(small) ?? {};
    expect(outcome.audit.verdict).toBe('protected');
    expect(most - least).toBeGreaterThanOrEqual(policy.minIntervalWidth);
  });

  it('must add up', () => {
    const wrong = bands(
      [
        [50, 53, 0],
        [60, 90, 0],
        [70, 80, 0],
      ],
      [
        [50, 53, 0],
        [50, 100, 0],
        [40, 110, 0],
      ],
      [
        [4, 99, 0],
        [40, 110, 0],
        [40, 110, 0],
      ],
    );
    expect(() => candidateOf(wrong, furtherOf(wrong, relations))).toThrow(RangeError);
  });
});
