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

const CASES = 1500;

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
  { least, width, occupied = [] }: { least: number; width: number; occupied?: readonly number[] },
): readonly number[] => {
  const total = atoms.reduce((sum, count) => sum + count, 0);
  const printed = sets.filter((_, at) => !withheld.has(at));
  const asked = primary.map((at) => sets[at]?.atoms ?? []);
  const somebody = occupied.map((at) => sets[at]?.atoms ?? []);
  const bounds = { atoms: atoms.length, least, most: total + width, occupied: somebody };
  const widths = widthsByTrying(asked, printed, bounds);
  return primary.filter((_, at) => (widths[at] ?? 0) < width);
};

describe('the attack on records', () => {
  it.each([
    ['A0', 0],
    ['A1', 0],
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
      const occupied =
        attacker === 'A1' ? candidate.sets.flatMap((_, at) => (withheld.has(at) ? [at] : [])) : [];
      const asking = { least, width: world.minWidth, occupied };
      const truth = narrowByTrying(candidate, { primary: asked, withheld }, asking);
      expect([seed, [...found].sort((a, b) => a - b)]).toEqual([seed, truth]);
      safe += truth.length === 0 ? 1 : 0;
    }
    expect(safe / CASES).toBeGreaterThan(0.1);
    expect(safe / CASES).toBeLessThan(0.9);
  });
});

describe('the protection of records', () => {
  it.each([
    'A1',
    'A3',
  ] as const)('against %s leaves nothing narrow to somebody who tries every table', (attacker) => {
    for (let seed = 1; seed <= CASES; seed++) {
      const { world, candidate, sensitive } = sensitiveIn(seed);
      const { minWidth } = world;
      const outcome = protectRecords({ candidate, sensitive, minWidth, solver, attacker });
      const asking =
        attacker === 'A3'
          ? { least: 1, width: minWidth }
          : { least: 0, width: minWidth, occupied: [...outcome.withheld] };
      const truth = narrowByTrying(candidate, outcome, asking);
      expect([seed, truth, outcome.verdict]).toEqual([seed, [], 'protected']);
    }
  });
});
