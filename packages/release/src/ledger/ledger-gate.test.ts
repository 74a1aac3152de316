import { driftingPeople, smallWorld, widthsByTrying } from '@throughline/testkit';
import { beforeAll, describe, expect, it } from 'vitest';
import { narrowestSet, narrowSets } from '../attack/record-attack.js';
import { loadSolver, type Solver } from '../linear/program.js';
import { protectRecords } from '../protect/records/protect-records.js';
import { sensitiveSets } from '../protect/records/sensitive-sets.js';
import { cellLabel, recordCandidate } from '../records/crossings.js';
import type { Crossing } from '../records/record-sets.js';
import { auditLedger } from './audit-ledger.js';
import { totalLabel } from './cells-night.js';
import { histories, type RecordNight, type RecordRelease, withFewerUnknowns } from './histories.js';
import { againstLedger, type LedgerVerdict, neverPrinted, sensitiveHistory } from './ledger-gate.js';
import { publicTotalSets } from './public-sets.js';
import { type People, recordNight } from './record-night.js';

let solver: Solver;
beforeAll(async () => {
  solver = await loadSolver();
});

type Asked = { readonly threshold: number; readonly minWidth: number };

const TEN: Asked = { threshold: 10, minWidth: 9 };

/** What the gate makes of a night after those of the ledger. */
const publish = (
  earlier: readonly RecordRelease[],
  people: People,
  tables: readonly Crossing[],
  asked: Asked,
): LedgerVerdict => {
  const night = recordNight(people, tables);
  const sensitive = { from: 1, to: asked.threshold - 1, zero: 'publish' } as const;
  const { candidate } = night;
  const alone = protectRecords({ candidate, sensitive, minWidth: asked.minWidth, solver, attacker: 'A0' });
  return againstLedger(earlier, { ...night, withheldAlone: alone.withheld }, { ...asked, solver });
};

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

/** The number that stands in the last of some releases, and the release that it is of. */
const standing = (
  releases: readonly RecordRelease[],
  [school, chronic]: readonly (string | null)[],
): readonly [number, number] | null => {
  const levels = [
    school == null ? null : { column: 'school', value: school },
    chronic == null ? null : { column: 'chronic', value: chronic },
  ];
  const label = cellLabel(levels);
  const of = releases.at(-1)?.standing.get(label);
  const release = of === undefined ? undefined : releases[of];
  if (of === undefined || release === undefined) return null;
  return [release.candidate.sets[release.labels.get(label) ?? -1]?.count ?? 0, of];
};

describe('a night after a release', () => {
  const arrived = (size: number, values: readonly string[]): People => ({
    columns,
    people: [...city.people, ...crowd('new', size, values)],
  });
  const first = () => publish([], city, byChronic, TEN).release;
  const after = (people: People): readonly RecordRelease[] => {
    const night = first();
    return [night, publish([night], people, byChronic, TEN).release];
  };

  it('lets the last number stand where one arrival would change it: never 14 of 60, then 15 of 61', () => {
    const releases = after(arrived(1, ['X', 'yes']));
    expect(standing(releases, ['X', 'yes'])).toEqual([14, 0]);
    expect(standing(releases, ['X', null])).toEqual([60, 0]);
    expect(standing(releases, [null, null])).toEqual([300, 0]);
    expect([...new Set(releases[1]?.standing.values())]).toEqual([0]);
  });

  it('prints a change of as many children as the threshold, and leaves what did not change', () => {
    const releases = after(arrived(10, ['X', 'yes']));
    expect(standing(releases, ['X', 'yes'])).toEqual([24, 1]);
    expect(standing(releases, ['X', null])).toEqual([70, 1]);
    expect(standing(releases, ['X', 'no'])).toEqual([46, 0]);
  });

  it('prints anew when many small changes have come to the threshold, never before', () => {
    const night = first();
    const later = Array.from({ length: 12 }, (_, at) => arrived(at + 1, ['X', 'yes']));
    const releases = [night];
    for (const people of later) releases.push(publish(releases, people, byChronic, TEN).release);
    expect(releases.map((_, at) => standing(releases.slice(0, at + 1), ['X', 'yes'])?.[0])).toEqual([
      ...Array.from({ length: 10 }, () => 14),
      24,
      24,
      24,
    ]);
  });

  it('prints everything again where nobody moved', () => {
    const again = publish([first()], city, byChronic, TEN);
    expect(again).toMatchObject({ verdict: 'publish', printedCells: again.idealCells });
  });

  it('does not let somebody out for somebody in: a swap leaves the total as it was and is seen', () => {
    const swapped: People = {
      columns,
      people: [...city.people.filter(({ id }) => id !== 'p0'), { id: 'n', values: ['X', 'yes'] }],
    };
    const releases = after(swapped);
    expect(standing(releases, ['X', 'yes'])).toEqual([14, 0]);
    expect(standing(releases, ['X', 'no'])).toEqual([46, 0]);
  });

  it('withholds the part of a row whose small change another part would tell', () => {
    const rows = ['yes', 'no'].map((chronic) =>
      cellLabel([
        { column: 'school', value: 'X' },
        { column: 'chronic', value: chronic },
      ]),
    );
    const night = recordNight(
      { columns, people: [...city.people, ...crowd('a', 10, ['X', 'yes']), ...crowd('b', 1, ['X', 'no'])] },
      byChronic,
    );
    const { release } = againstLedger(
      [first()],
      { ...night, withheldAlone: new Set(), rows: [rows] },
      { ...TEN, solver },
    );
    const releases = [first(), release];
    expect(standing(releases, ['X', 'no'])).toBe(null);
    const others = [standing(releases, ['X', 'yes']), standing(releases, ['X', null])];
    expect(others.filter((each) => each?.[1] === 1)).toHaveLength(1);
  });

  it('withholds it too where everybody has the total from elsewhere, and keeps no secret that is told there', () => {
    const total = cellLabel([{ column: 'school', value: 'X' }, null]);
    const alreadyPublic = ({ labels }: RecordNight) => new Set([labels.get(total) ?? -1]);
    const rows = ['yes', 'no'].map((chronic) =>
      cellLabel([
        { column: 'school', value: 'X' },
        { column: 'chronic', value: chronic },
      ]),
    );
    const people = [
      ...city.people,
      ...crowd('a', 10, ['X', 'yes']),
      ...crowd('b', 1, ['X', 'no']),
      ...crowd('c', 1, ['Z', 'no']),
    ];
    const night = recordNight({ columns, people }, byChronic);
    const tonight = { ...night, withheldAlone: new Set<number>(), rows: [rows] };
    const rules = { ...TEN, solver, alreadyPublic };
    const { release, verdict } = againstLedger([first()], tonight, rules);
    expect(verdict).toBe('publish');
    expect(standing([first(), release], ['X', 'yes'])).toBe(null);
    expect(auditLedger([first(), release], rules).narrow).toBe(0);
    const unaware = againstLedger([first()], tonight, { ...TEN, solver }).release;
    expect(auditLedger([first(), unaware], { ...TEN, solver }).narrow).toBe(0);
    expect(auditLedger([first(), unaware], rules).narrow).toBeGreaterThan(0);
  });
});

describe('totals that everybody has', () => {
  const label = (...place: readonly [string, string][]) =>
    totalLabel(JSON.stringify(['measure', 'm', 'yes', ...place]));
  const night = {
    candidate: {
      atoms: [],
      sets: [40, 30, 4, 20].map((count) => ({ atoms: new Int32Array(), count, cells: 1 })),
    },
    labels: new Map([
      [label(), 0],
      [label(['school', 'A']), 1],
      [label(['school', 'B']), 2],
      [label(['school', 'A'], ['grade', '1']), 3],
      [JSON.stringify(['measure', 'm', 'yes', ['school', 'A']]), 3],
    ]),
    atomOf: new Map(),
  };

  it.each([
    [[['school']], [1]],
    [
      [[], ['grade', 'school']],
      [0, 3],
    ],
    [[], []],
  ])('are those of %j, but for small ones', (breakdowns, sets) => {
    expect([...publicTotalSets(breakdowns, 10)(night)]).toEqual(sets);
  });
});

describe('releases on random small nights', () => {
  it('leave every small count and every small change wide to somebody who tries every history', () => {
    let [published, anew] = [0, 0];
    for (let seed = 1; seed <= 120; seed++) {
      const world = smallWorld(seed);
      const people = world.combinations.flatMap((values, at) =>
        crowd(`${at}-`, world.counts[at] ?? 0, values),
      );
      const asked = { threshold: world.sensitiveTo + 1, minWidth: world.minWidth };
      const ledger: RecordRelease[] = [];
      for (const night of driftingPeople(people, 3, seed)) {
        const { verdict, release } = publish(
          ledger,
          { columns: world.columns, people: night },
          world.tables,
          asked,
        );
        if (verdict === 'publish') ledger.push(release);
      }
      const history = histories(ledger);
      const { candidate } = history;
      const withheld = neverPrinted(history, ledger);
      const printed = new Set([...candidate.sets.keys()].filter((at) => !withheld.has(at)));
      const primary = sensitiveHistory(history, asked.threshold, printed);
      expect(primary.some((at) => printed.has(at))).toBe(false);
      const isAnew = ledger.map(({ standing: of }, at) => [...of.values()].includes(at));
      published += ledger.length;
      anew += isAnew.slice(1).filter(Boolean).length;
      if (candidate.atoms.length > 7) continue;
      const total = candidate.atoms.reduce((sum, count) => sum + count, 0);
      const widths = widthsByTrying(
        primary.map((at) => candidate.sets[at]?.atoms ?? []),
        [...printed].flatMap((at) => candidate.sets[at] ?? []),
        { atoms: candidate.atoms.length, least: 0, most: total + world.minWidth },
      );
      // Of a release that prints nothing anew nobody learns anything, whatever the night was like.
      if (isAnew.at(-1) === true)
        expect([seed, widths.filter((width) => width < world.minWidth)]).toEqual([seed, []]);
    }
    expect(published).toBeGreaterThan(150);
    expect(anew).toBeGreaterThan(10);
  });
});

describe('fewer unknowns', () => {
  it('never make wide what is narrow over all of them', () => {
    let narrow = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const world = smallWorld(seed);
      const candidate = recordCandidate(world, world.tables);
      const asked = sensitiveSets(candidate, { from: 1, to: world.sensitiveTo, zero: 'publish' });
      const withheld = new Set([...asked, ...[...candidate.sets.keys()].filter(() => world.next() < 0.4)]);
      const found = (of: typeof candidate): readonly number[] =>
        narrowSets({ candidate: of, withheld, attacker: 'A4', solver, witnesses: [] }, asked, world.minWidth);
      const [all, few] = [found(candidate), found(withFewerUnknowns(candidate, asked, 3))];
      expect(all.filter((at) => !few.includes(at))).toEqual([]);
      narrow += all.length;
    }
    expect(narrow).toBeGreaterThan(20);
  });
});

describe('thirty nights of a made-up city, one child moving a night', () => {
  const dims = ['school', 'grade', 'sex'];
  const tables = dims.map((dim) => ({ name: dim, cross: [[dim], ['chronic']] }));
  const pick = (at: number, size: number, name: string): string => `${name}${(at * at + 3 * at) % size}`;
  const people = Array.from({ length: 700 }, (_, at) => ({
    id: `c${at}`,
    values: [pick(at, 7, 's'), pick(at, 11, 'g'), pick(at, 2, 'x'), at % 6 === 0 ? 'yes' : 'no'],
  }));

  it('are all published, nearly whole, and determine no small count and no small change together', () => {
    const asked = { threshold: 11, minWidth: 10 };
    const ledger: RecordRelease[] = [];
    let [ideal, printed] = [0, 0];
    for (const night of driftingPeople(people, 30, 3)) {
      const found = publish(ledger, { columns: [...dims, 'chronic'], people: night }, tables, asked);
      expect(found.verdict).toBe('publish');
      ledger.push(found.release);
      ideal += found.idealCells;
      printed += found.printedCells;
    }
    expect(printed / ideal).toBeGreaterThanOrEqual(0.9);
    const history = histories(ledger);
    const withheld = neverPrinted(history, ledger);
    const sets = new Set([...history.candidate.sets.keys()].filter((at) => !withheld.has(at)));
    const small = sensitiveHistory(history, asked.threshold, sets);
    const attack = { candidate: history.candidate, withheld, attacker: 'A4', solver, witnesses: [] } as const;
    const { exact, width } = narrowestSet(attack, small);
    expect(small.length).toBeGreaterThan(3);
    expect([exact, width >= asked.minWidth]).toEqual([0, true]);
  });
});
