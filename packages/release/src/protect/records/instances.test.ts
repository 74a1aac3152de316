import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { narrowestSet } from '../../attack/record-attack.js';
import { againstLedger } from '../../ledger/ledger-gate.js';
import { recordNight } from '../../ledger/record-night.js';
import { loadSolver, type Solver } from '../../linear/program.js';
import { cellLabel, recordCandidate } from '../../records/crossings.js';
import { withEmptyCombinations } from '../../records/empty-combinations.js';
import type { Crossing, Microdata } from '../../records/record-sets.js';
import { nearlyAllOf } from '../../rules/group-disclosure.js';
import { protectRecords } from './protect-records.js';

let solver: Solver;
beforeAll(async () => {
  solver = await loadSolver();
});

const instance = (name: string): Microdata & { readonly rows: readonly (readonly string[])[] } => {
  const text = readFileSync(
    new URL(`../../../../../fixtures/disclosure/${name}.csv`, import.meta.url),
    'utf8',
  );
  const [header = [], ...rows] = text
    .trim()
    .split('\n')
    .map((line) => line.replaceAll('"', '').split(','));
  const at = header.indexOf('freq');
  const columns = header.filter((_, place) => place !== at);
  const combinations = rows.map((row) => row.filter((_, place) => place !== at));
  return { columns, combinations, counts: rows.map((row) => Number(row[at])), rows };
};

describe('linked tables of the vignette', () => {
  const tables: readonly Crossing[] = [
    { name: 'by-age', cross: [['age'], ['year']] },
    { name: 'by-place', cross: [['geo', 'eu'], ['year']] },
  ];

  it('withhold a cell in both tables or in neither, with every interval as wide as asked', () => {
    const candidate = recordCandidate(instance('linked-vignette'), tables);
    const sensitive = { from: 1, to: 2, zero: 'publish' } as const;
    const outcome = protectRecords({ candidate, sensitive, minWidth: 3, solver });
    const seen = new Map<string, boolean>();
    for (const { levels, set } of candidate.tables.flatMap(({ rows }) => rows)) {
      const withheld = outcome.withheld.has(set);
      expect(seen.get(cellLabel(levels)) ?? withheld).toBe(withheld);
      seen.set(cellLabel(levels), withheld);
    }
    const { width } = narrowestSet({ candidate, attacker: 'A3', solver, ...outcome }, outcome.primary);
    expect(outcome.verdict).toBe('protected');
    expect(width).toBeGreaterThanOrEqual(3);
  });
});

describe('group disclosure among municipalities', () => {
  it('is found and withheld where all but one accident, or all, are of one kind', () => {
    const tables: readonly Crossing[] = [{ name: 't', cross: [['mun'], ['inj']] }];
    const candidate = recordCandidate(withEmptyCombinations(instance('mun-accidents'), tables), tables);
    const sensitive = { from: 1, to: 0, zero: 'publish' } as const;
    const outcome = protectRecords({
      candidate,
      sensitive,
      alsoSensitive: nearlyAllOf(candidate, 1),
      minWidth: 2,
      solver,
      attacker: 'A0',
    });
    const rows = (candidate.tables[0]?.rows ?? []).filter(({ levels }) =>
      levels.every((level) => level !== null),
    );
    const withheld = rows.filter(({ set }) => outcome.withheld.has(set));
    const towns = [...new Set(withheld.map(({ levels }) => levels[0]?.value ?? ''))];
    for (const town of ['k1', 'k2', 'k3', 'k5', 'k6']) expect(towns).toContain(town);
    expect(withheld.length).toBeLessThanOrEqual(12);
    const { exact } = narrowestSet({ candidate, attacker: 'A0', solver, ...outcome }, outcome.primary);
    expect(exact).toBe(0);
  });
});

describe('successive quarters', () => {
  const { columns, combinations, counts } = instance('d2s-quarters');
  const quarter = columns.indexOf('quarter');
  const people = combinations.flatMap((values, at) =>
    Array.from({ length: counts[at] ?? 0 }, (_, one) => ({ id: `${at}-${one}`, values })),
  );
  const upTo = (last: string) => ({
    columns,
    people: people.filter(({ values }) => (values[quarter] ?? '') <= last),
  });
  const tables: readonly Crossing[] = [
    { name: 't', cross: [['quarter'], ['region', 'county'], ['main_income']] },
  ];
  const sensitive = { from: 1, to: 15, zero: 'publish' } as const;
  const night = (last: string) => {
    const found = recordNight(upTo(last), tables);
    const alone = protectRecords({
      candidate: found.candidate,
      sensitive,
      minWidth: 5,
      solver,
      attacker: 'A0',
    });
    return { ...found, withheldAlone: alone.withheld };
  };
  const rules = () => ({ threshold: 16, minWidth: 5, solver });

  it('take back nothing of the quarter before, and withhold new totals instead', () => {
    const first = againstLedger([], night('Q1'), rules());
    const second = againstLedger([first.release], night('Q2'), rules());
    expect([first.verdict, second.verdict]).toEqual(['publish', 'publish']);
    const before = [...first.release.standing.keys()].filter((label) => label.includes('"Q1"'));
    expect(before.length).toBeGreaterThan(20);
    for (const label of before) expect([label, second.release.standing.has(label)]).toEqual([label, true]);
    expect(second.printedCells).toBeGreaterThan(0.6 * second.idealCells);
  });
});
