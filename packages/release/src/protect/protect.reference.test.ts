import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Candidate, CellId } from '../candidate/cell.js';
import { type CountedTable, candidateOf } from '../candidate/tables.js';
import { allTables, type Sums, spreadOf, sumAt } from '../fixtures/all-tables.js';
import { loadSolver, type Solver } from '../linear/program.js';
import type { ProtectionPolicy } from './policy.js';
import { primaryCells } from './primary.js';
import { protect, publishedCells } from './protect.js';

let solver: Solver;
beforeAll(async () => {
  solver = await loadSolver();
});

/** How the atoms of a world, six counts, become tables. */
type Layout = (atoms: readonly number[]) => readonly CountedTable[];

const rowOf = (levels: readonly (string | null)[], [yes = 0, no = 0, unknown = 0]: readonly number[]) => ({
  levels,
  yes,
  no,
  unknown,
});

const added = (a: readonly number[], b: readonly number[]): readonly number[] =>
  a.map((count, at) => count + (b[at] ?? 0));

/** One measure by one dimension of two levels: yes, no and unknown of each. */
const oneMeasure: Layout = (atoms) => {
  const [first, second] = [atoms.slice(0, 3), atoms.slice(3, 6)];
  const rows = [rowOf(['A'], first), rowOf(['B'], second), rowOf([null], added(first, second))];
  return [{ measure: 'chronic', population: 'enrolled', dims: ['school'], rows }];
};

/** The same with nobody unknown, by two dimensions: three groups of a 2 x 2 table, the fourth of them empty. */
const crossed: Layout = (atoms) => {
  const known = [0, 2, 4].map((at) => [...atoms.slice(at, at + 2), 0]);
  const [a1 = [], a2 = [], b1 = []] = known;
  const rows = [
    rowOf(['A', '1'], a1),
    rowOf(['A', '2'], a2),
    rowOf(['A', null], added(a1, a2)),
    rowOf(['B', '1'], b1),
    rowOf(['B', '2'], [0, 0, 0]),
    rowOf(['B', null], b1),
    rowOf([null, '1'], added(a1, b1)),
    rowOf([null, '2'], a2),
    rowOf([null, null], added(added(a1, a2), b1)),
  ];
  return [{ measure: 'chronic', population: 'enrolled', dims: ['school', 'grade'], rows }];
};

const ATOMS = 6;

const unit = (at: number): readonly number[] =>
  Array.from({ length: ATOMS }, (_, other) => Number(at === other));

/** Every cell is linear in the atoms, so its factors are what it counts in the tables of single children. */
const sumsOf = (layout: Layout): Sums => {
  const units = Array.from({ length: ATOMS }, (_, at) => candidateOf(layout(unit(at))).cells);
  const cells = [...candidateOf(layout(unit(0))).cells.keys()];
  return new Map(cells.map((cell) => [cell, units.map((counts) => counts.get(cell)?.count ?? 0)]));
};

const isZeroPrinted = (candidate: Candidate, cell: CellId, policy: ProtectionPolicy): boolean => {
  const { status, count } = candidate.cells.get(cell) ?? { status: 'yes', count: -1 };
  return count === 0 && (policy.zeroCounts === 'publish-always' || status === 'unknown' || status === 'all');
};

/** Could these be the true counts, for somebody who has read the policy and sees what is printed and what is not? */
const isBelievable = (world: Candidate, withheld: ReadonlySet<CellId>, policy: ProtectionPolicy): boolean =>
  [...primaryCells(world, policy)].every((cell) => withheld.has(cell)) &&
  [...withheld].every((cell) => !isZeroPrinted(world, cell, policy));

const worldOf = (candidate: Candidate, sums: Sums, atoms: readonly number[]): Candidate => ({
  ...candidate,
  cells: new Map(
    [...candidate.cells].map(([id, cell]) => [id, { ...cell, count: sumAt(sums.get(id) ?? [], atoms) }]),
  ),
});

const policies = fc.record<ProtectionPolicy>({
  threshold: fc.constantFrom(2, 3),
  zeroCounts: fc.constantFrom('publish-structural', 'publish-always'),
  minIntervalWidth: fc.constantFrom(1, 2),
});

const worlds = fc.record({
  layout: fc.constantFrom(oneMeasure, crossed),
  atoms: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: ATOMS, maxLength: ATOMS }),
  policy: policies,
});

type World = typeof worlds extends fc.Arbitrary<infer W> ? W : never;

/** Any table more is only more room, so a cap is fair to the attacker. */
const MOST = 6;

const readersView = ({ layout, atoms, policy }: World) => {
  const candidate = candidateOf(layout(atoms));
  const outcome = protect({ candidate, policy, alreadyPublic: new Set(), solver });
  const sums = sumsOf(layout);
  const published = publishedCells(candidate, outcome.withheld);
  const tables = [...allTables(sums, published, { atoms: ATOMS, most: MOST })];
  const believable = tables.filter((table) =>
    isBelievable(worldOf(candidate, sums, table), outcome.withheld, policy),
  );
  return { outcome, sums, believable };
};

describe('protect', () => {
  it('leaves room around every withheld cell in the tables that a reader of the policy can believe', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const { outcome, sums, believable } = readersView(world);
        expect(outcome.audit.verdict).toBe('protected');
        const spread = spreadOf(sums, believable);
        for (const cell of outcome.withheld) {
          const [least, most] = spread.get(cell) ?? [0, 0];
          const demanded = outcome.primary.has(cell) ? world.policy.minIntervalWidth : 1;
          expect(most - least).toBeGreaterThanOrEqual(demanded);
        }
      }),
      { numRuns: 40, seed: 4 },
    );
  });

  it('prints no count that is sensitive, and what it prints is the truth', () => {
    fc.assert(
      fc.property(worlds, ({ layout, atoms, policy }) => {
        const candidate = candidateOf(layout(atoms));
        const { withheld } = protect({ candidate, policy, alreadyPublic: new Set(), solver });
        const sums = sumsOf(layout);
        for (const [cell, count] of publishedCells(candidate, withheld)) {
          expect(count === 0 || count >= policy.threshold).toBe(true);
          expect(count).toBe(sumAt(sums.get(cell) ?? [], atoms));
        }
      }),
      { numRuns: 40, seed: 5 },
    );
  });
});
