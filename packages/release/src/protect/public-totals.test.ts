import { beforeAll, describe, expect, it } from 'vitest';
import { audit } from '../attack/attack.js';
import { candidateOf, groupOf } from '../candidate/tables.js';
import { loadSolver, type Solver } from '../linear/program.js';
import { policyReader, protect, publishedCells } from './protect.js';
import { publicTotalsIn } from './public-totals.js';

let solver: Solver;
beforeAll(async () => {
  solver = await loadSolver();
});

const policy = { threshold: 10, zeroCounts: 'publish-structural', minIntervalWidth: 9 } as const;
const schools = [
  ['A', 40, 60],
  ['B', 30, 3],
  ['C', 25, 70],
  ['D', 14, 4],
] as const;
const sum = (at: 1 | 2): number => schools.reduce((total, school) => total + school[at], 0);
const table = {
  measure: 'm',
  population: 'p',
  dims: ['school'],
  rows: [
    ...schools.map(([level, yes, no]) => ({ levels: [level], yes, no, unknown: 0 })),
    { levels: [null], yes: sum(1), no: sum(2), unknown: 0 },
  ],
};

describe('totals that everybody has', () => {
  const candidate = candidateOf([table]);
  const all = (level: string | null) => groupOf(table, [level]).all;
  const known = publicTotalsIn([table], [['school'], []], 10);

  it('are those of the breakdowns that the policy names, but for small ones', () => {
    expect([...publicTotalsIn([table], [['school']], 20)].sort()).toEqual(['A', 'B', 'C'].map(all).sort());
    expect([...publicTotalsIn([table], [[]], 10)]).toEqual([all(null)]);
    expect(publicTotalsIn([table], [['grade']], 10).size).toBe(0);
  });

  it('help nobody to a small count', () => {
    const { withheld, primary, audit: told } = protect({ candidate, policy, solver, alreadyPublic: known });
    expect(told.verdict).toBe('protected');
    const published = new Map([
      ...publishedCells(candidate, withheld),
      ...[...known].map((cell) => [cell, candidate.cells.get(cell)?.count ?? 0] as const),
    ]);
    const demands = new Map([...primary].map((cell) => [cell, policy.minIntervalWidth]));
    const { structure } = candidate;
    const attacked = { published, structure, model: policyReader(candidate, policy), solver };
    expect(primary.size).toBe(2);
    expect(audit(attacked, demands)).toEqual([]);
  });
});
