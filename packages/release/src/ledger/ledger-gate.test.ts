import { driftingPeople, smallWorld, widthsByTrying } from '@throughline/testkit';
import { beforeAll, describe, expect, it } from 'vitest';
import { narrowestSet } from '../attack/record-attack.js';
import { loadSolver, type Solver } from '../linear/program.js';
import type { Crossing } from '../records/record-sets.js';
import { histories, type RecordRelease } from './histories.js';
import { againstLedger, type LedgerRules, neverPrinted, sensitiveHistory } from './ledger-gate.js';
import { type People, recordRelease } from './record-release.js';

let solver: Solver;
beforeAll(async () => {
  solver = await loadSolver();
});

const rulesOf = (to: number, minWidth: number, leastShare = 0): LedgerRules => ({
  sensitive: { from: 1, to, zero: 'publish' },
  minWidth,
  leastShare,
  solver,
});

const crowd = (prefix: string, size: number, values: readonly string[]) =>
  Array.from({ length: size }, (_, at) => ({ id: `${prefix}${at}`, values }));

const columns = ['school', 'chronic'];
const byChronic: readonly Crossing[] = [{ name: 'chronic', cross: [['school'], ['chronic']] }];

/** A school of 60 with 14 chronically absent, and two larger ones. */
const city: People = {
  columns,
  people: [
    ...crowd('x', 14, ['X', 'yes']),
    ...crowd('p', 46, ['X', 'no']),
    ...crowd('y', 40, ['Y', 'yes']),
    ...crowd('z', 90, ['Y', 'no']),
    ...crowd('v', 30, ['Z', 'yes']),
    ...crowd('w', 80, ['Z', 'no']),
  ],
};

const printed = (
  { candidate, withheld }: RecordRelease,
  levels: readonly (string | null)[],
): number | null => {
  const row = candidate.tables[0]?.rows.find((each) =>
    levels.every((value, at) => (each.levels[at]?.value ?? null) === value),
  );
  if (row === undefined || withheld.has(row.set)) return null;
  return candidate.sets[row.set]?.count ?? null;
};

describe('a night after a release', () => {
  const arrived = (size: number, values: readonly string[]): People => ({
    columns,
    people: [...city.people, ...crowd('new', size, values)],
  });
  const first = () => againstLedger([], recordRelease(city, byChronic), rulesOf(9, 9)).release;

  it('withholds what one arrival would change: 14 of 60, then 15 of 61', () => {
    const night = first();
    expect(printed(night, ['X', 'yes'])).toBe(14);
    const { release } = againstLedger(
      [night],
      recordRelease(arrived(1, ['X', 'yes']), byChronic),
      rulesOf(9, 9),
    );
    for (const changed of [
      ['X', 'yes'],
      ['X', null],
      [null, 'yes'],
      [null, null],
    ])
      expect([changed, printed(release, changed)]).toEqual([changed, null]);
    expect(printed(release, ['X', 'no'])).toBe(46);
    expect(printed(release, ['Y', null])).toBe(130);
  });

  it('is held where too little of it could be printed', () => {
    const next = recordRelease(arrived(1, ['X', 'yes']), byChronic);
    expect(againstLedger([first()], next, rulesOf(9, 9, 0.9))).toMatchObject({ verdict: 'held' });
    expect(againstLedger([first()], next, rulesOf(9, 9, 0.5))).toMatchObject({ verdict: 'publish' });
  });

  it('prints a change of as many children as the threshold', () => {
    const next = recordRelease(arrived(10, ['X', 'yes']), byChronic);
    const { verdict, release } = againstLedger([first()], next, rulesOf(9, 9, 0.9));
    expect([verdict, printed(release, ['X', 'yes'])]).toEqual(['publish', 24]);
  });

  it('prints everything again where nobody moved', () => {
    const again = againstLedger([first()], recordRelease(city, byChronic), rulesOf(9, 9, 1));
    expect(again).toMatchObject({ verdict: 'publish', printedCells: again.idealCells });
  });

  it('does not let somebody out for somebody in: a swap leaves the total as it was and is seen', () => {
    const swapped: People = {
      columns,
      people: [...city.people.filter(({ id }) => id !== 'p0'), { id: 'n', values: ['X', 'yes'] }],
    };
    const { release } = againstLedger([first()], recordRelease(swapped, byChronic), rulesOf(9, 9));
    expect(printed(release, ['X', 'yes'])).toBe(null);
    expect(printed(release, ['X', 'no'])).toBe(null);
  });
});

describe('releases on random small nights', () => {
  it('leave every small count and every small change wide to somebody who tries every history', () => {
    let published = 0;
    for (let seed = 1; seed <= 120; seed++) {
      const world = smallWorld(seed);
      const people = world.combinations.flatMap((values, at) =>
        crowd(`${at}-`, world.counts[at] ?? 0, values),
      );
      const rules = rulesOf(world.sensitiveTo, world.minWidth);
      const ledger: RecordRelease[] = [];
      for (const night of driftingPeople(people, 3, seed)) {
        const tonight = recordRelease({ columns: world.columns, people: night }, world.tables);
        const { verdict, release } = againstLedger(ledger, tonight, rules);
        if (verdict === 'publish') ledger.push(release);
      }
      const history = histories(ledger);
      const { candidate } = history;
      const withheld = neverPrinted(history, ledger);
      const primary = sensitiveHistory(history, rules.sensitive);
      const total = candidate.atoms.reduce((sum, count) => sum + count, 0);
      const sums = candidate.sets.filter((_, at) => !withheld.has(at));
      const covered = new Set(sums.flatMap(({ atoms }) => [...atoms]));
      const asked = primary.filter((at) => candidate.sets[at]?.atoms.every((atom) => covered.has(atom)));
      expect(primary.some((at) => !withheld.has(at))).toBe(false);
      if (candidate.atoms.length > 7) continue;
      const widths = widthsByTrying(
        asked.map((at) => candidate.sets[at]?.atoms ?? []),
        sums.map(({ atoms, count }) => ({ atoms, count })),
        { atoms: candidate.atoms.length, least: 0, most: total + world.minWidth },
      );
      expect([seed, widths.filter((width) => width < world.minWidth)]).toEqual([seed, []]);
      published += ledger.length;
    }
    expect(published).toBeGreaterThan(150);
  });
});

describe('four nights of a made-up city', () => {
  it('determine no small count and no small change, to a linear program over all of them', () => {
    const dims = ['school', 'grade', 'sex'];
    const pick = (at: number, size: number, name: string): string => `${name}${(at * at + 3 * at) % size}`;
    const people = Array.from({ length: 700 }, (_, at) => ({
      id: `c${at}`,
      values: [pick(at, 7, 's'), pick(at, 11, 'g'), pick(at, 2, 'x'), at % 6 === 0 ? 'yes' : 'no'],
    }));
    const tables = dims.map((dim) => ({ name: dim, cross: [[dim], ['chronic']] }));
    const ledger: RecordRelease[] = [];
    for (const night of driftingPeople(people, 4, 3)) {
      const tonight = recordRelease({ columns: [...dims, 'chronic'], people: night }, tables);
      ledger.push(againstLedger(ledger, tonight, rulesOf(10, 10)).release);
    }
    const history = histories(ledger);
    const asked = sensitiveHistory(history, rulesOf(10, 10).sensitive);
    const attack = {
      candidate: history.candidate,
      withheld: neverPrinted(history, ledger),
      attacker: 'A4',
      solver,
      witnesses: [],
    } as const;
    const { exact, width } = narrowestSet(attack, asked);
    expect(asked.length).toBeGreaterThan(3);
    expect(exact).toBe(0);
    expect(width).toBeGreaterThanOrEqual(10);
  });
});
