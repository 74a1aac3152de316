import { smallWorld, widthsByTrying } from '@throughline/testkit';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadSolver, type Solver } from '../linear/program.js';
import { protectRecords } from '../protect/records/protect-records.js';
import { sensitiveSets } from '../protect/records/sensitive-sets.js';
import { recordCandidate } from '../records/crossings.js';
import type { RecordCandidate } from '../records/record-sets.js';
import { narrowSets } from './record-attack.js';

let solver: Solver;
beforeAll(async () => {
  solver = await loadSolver();
});

const CASES = 2000;

const sensitiveIn = (seed: number) => {
  const world = smallWorld(seed);
  const candidate = recordCandidate(world, world.tables);
  const sensitive = { from: 1, to: world.sensitiveTo, zero: 'publish' } as const;
  return { world, candidate, sensitive, primary: sensitiveSets(candidate, sensitive) };
};

/** Sensitive sets that are narrow by trying every table, where `withheld` is withheld. */
const narrowByTrying = (
  { sets, atoms }: RecordCandidate,
  { primary, withheld }: { primary: readonly number[]; withheld: ReadonlySet<number> },
  { least, width }: { least: number; width: number },
): readonly number[] => {
  const total = atoms.reduce((sum, count) => sum + count, 0);
  const printed = sets.filter((_, at) => !withheld.has(at));
  const asked = primary.map((at) => sets[at]?.atoms ?? []);
  const bounds = { atoms: atoms.length, least, most: total + width };
  const widths = widthsByTrying(asked, printed, bounds);
  return primary.filter((_, at) => (widths[at] ?? 0) < width);
};

describe('the attack on records', () => {
  it.each([
    ['A0', 0],
    ['A3', 1],
  ] as const)('by %s passes and fails exactly what trying every table does', (attacker, least) => {
    let safe = 0;
    for (let seed = 1; seed <= CASES; seed++) {
      const { world, candidate, primary } = sensitiveIn(seed);
      const withheld = new Set([
        ...primary,
        ...candidate.sets.flatMap(({ atoms }, at) =>
          atoms.length < candidate.atoms.length && world.next() < 0.4 ? [at] : [],
        ),
      ]);
      const total = candidate.sets.findIndex(({ atoms }) => atoms.length === candidate.atoms.length);
      withheld.delete(total);
      const asked = primary.filter((at) => at !== total);
      const found = narrowSets(
        { candidate, withheld, attacker, solver, witnesses: [] },
        asked,
        world.minWidth,
      );
      const truth = narrowByTrying(candidate, { primary: asked, withheld }, { least, width: world.minWidth });
      expect([seed, [...found].sort((a, b) => a - b)]).toEqual([seed, truth]);
      safe += truth.length === 0 ? 1 : 0;
    }
    expect(safe / CASES).toBeGreaterThan(0.1);
    expect(safe / CASES).toBeLessThan(0.9);
  });
});

describe('the protection of records', () => {
  it('leaves no sensitive set narrow to somebody who tries every table', () => {
    for (let seed = 1; seed <= CASES; seed++) {
      const { world, candidate, sensitive } = sensitiveIn(seed);
      const outcome = protectRecords({ candidate, sensitive, minWidth: world.minWidth, solver });
      const truth = narrowByTrying(candidate, outcome, { least: 1, width: world.minWidth });
      expect([seed, truth, outcome.verdict]).toEqual([seed, [], 'protected']);
    }
  });
});
