import { attack, type Interval } from '../attack/attack.js';
import { type AttackerModel, OUTSIDER } from '../attack/model.js';
import type { CellId } from '../candidate/cell.js';
import type { Solver } from '../linear/program.js';
import type { ProtectionPolicy } from '../protect/policy.js';
import { farFromNone } from '../protect/primary.js';
import { daysOf, ofDay, type Printed, type PrintedTable, printedIn } from './printed-tables.js';

/** What a release is held to by somebody who has only the release. */
export type AuditRules = {
  /** The least count of children that may be known. */
  readonly threshold: number;
  /** Children between the least and the most that a count below the threshold may be. */
  readonly minWidth: number;
  /** Which zeros the policy prints, so that a withheld cell of that kind is known to be 1 or more. */
  readonly zeroCounts: ProtectionPolicy['zeroCounts'];
};

/** What an attacker of one model gets out of a release. Counts of cells only. */
export type AttackOutcome = {
  readonly attacker: string;
  /** Withheld cells that are known exactly after all. */
  readonly exact: number;
  /** Withheld cells that are known to be below the threshold, in an interval narrower than the width. */
  readonly small: number;
  /** Children between the least and the most of the narrowest withheld cell; null where nothing bounds any. */
  readonly narrowest: number | null;
};

/** What the release and one before it tell together. */
export type ChangeOutcome = {
  /** Cells that are known from both. */
  readonly compared: number;
  readonly changed: number;
  /** Of those, changed by fewer children than the threshold. */
  readonly small: number;
};

export type ReleaseAudit = {
  readonly verdict: 'withstands' | 'gives-away';
  readonly cells: number;
  readonly withheld: number;
  readonly attacks: readonly AttackOutcome[];
  /** Between the days that the rows of the release itself are of. */
  readonly within: ChangeOutcome;
  readonly earlier: readonly ChangeOutcome[];
};

type Ranges = ReadonlyMap<CellId, Interval>;

/** Whether a cell with this name is printed whenever it is 0. */
const isPrintedAtZero = (cell: CellId, zeroCounts: AuditRules['zeroCounts']): boolean => {
  const [, , status] = JSON.parse(cell) as readonly string[];
  return zeroCounts === 'publish-always' || status === 'unknown' || status === 'all';
};

const OTHER_OUTCOME: ReadonlyMap<unknown, string> = new Map([
  ['yes', 'no'],
  ['no', 'yes'],
]);

/** The outcome beside a cell that is one: the no of a yes, the yes of a no. */
const outcomeBeside = (cell: CellId): CellId | undefined => {
  const [kind, measure, status, ...place] = JSON.parse(cell) as readonly unknown[];
  const other = kind === 'measure' ? OTHER_OUTCOME.get(status) : undefined;
  return other === undefined ? undefined : JSON.stringify([kind, measure, other, ...place]);
};

/**
 * Somebody who has read which zeros are always printed, and that an outcome is printed alone only where both are far
 * from none. What a row of another day would have printed on this one is not known.
 */
const policyReader = (
  { structure, published }: Printed,
  asked: ReadonlySet<CellId>,
  { threshold, minWidth, zeroCounts }: AuditRules,
): AttackerModel => {
  const far = farFromNone({ threshold, minIntervalWidth: minWidth });
  const leastOf = (cell: CellId): number => {
    const beside = zeroCounts === 'publish-structural' ? outcomeBeside(cell) : undefined;
    if (beside !== undefined && published.has(beside)) return far;
    return Number(isPrintedAtZero(cell, zeroCounts));
  };
  return {
    name: 'A1',
    beliefs: new Map(
      structure.cells.flatMap((cell) =>
        asked.has(cell) && !published.has(cell) && leastOf(cell) > 0
          ? [[cell, { least: leastOf(cell), most: Number.POSITIVE_INFINITY }] as const]
          : [],
      ),
    ),
  };
};

const width = ({ least, most }: Interval): number => most - least;

const outcomeOf = (
  attacker: string,
  ranges: readonly Interval[],
  { threshold, minWidth }: AuditRules,
): AttackOutcome => {
  const narrowest = Math.min(...ranges.map(width));
  return {
    attacker,
    exact: ranges.filter((range) => width(range) === 0).length,
    small: ranges.filter((range) => range.most < threshold && width(range) < minWidth).length,
    narrowest: Number.isFinite(narrowest) ? narrowest : null,
  };
};

/** Everything that is known exactly: what is printed, and what follows from it. */
const knownFrom = ({ published }: Printed, ranges: Ranges): ReadonlyMap<CellId, number> =>
  new Map([
    ...published,
    ...[...ranges].flatMap(([cell, range]) => (width(range) === 0 ? [[cell, range.least] as const] : [])),
  ]);

const changesBetween = (
  before: ReadonlyMap<CellId, number>,
  after: ReadonlyMap<CellId, number>,
  { threshold }: AuditRules,
): ChangeOutcome => {
  const changes = [...after].flatMap(([cell, count]) => {
    const was = before.get(cell);
    return was === undefined ? [] : [Math.abs(count - was)];
  });
  return {
    compared: changes.length,
    changed: changes.filter((change) => change > 0).length,
    small: changes.filter((change) => change > 0 && change < threshold).length,
  };
};

/** What somebody concludes of one day from everything that was printed of it. */
type Day = {
  readonly day: string;
  readonly known: ReadonlyMap<CellId, number>;
  readonly attacks: readonly { readonly name: string; readonly ranges: Ranges }[];
};

type Rules = { readonly rules: AuditRules; readonly solver: Solver };

/** Cells of rows that are of a day; where all rows are of one, the rows without any number are too. */
const cellsOfDay = (tables: readonly PrintedTable[], day: string): ReadonlySet<CellId> => {
  const alone = daysOf(tables).length === 1;
  const isOf = ({ asOf }: PrintedTable['rows'][number]) => asOf === day || (alone && asOf === null);
  const own = tables.map((table) => ({ ...table, rows: table.rows.filter(isOf) }));
  return new Set(printedIn(own).structure.cells);
};

const attackOn = (tables: readonly PrintedTable[], day: string, { rules, solver }: Rules): Day => {
  const printed = printedIn(ofDay(tables, day));
  const models = [OUTSIDER, policyReader(printed, cellsOfDay(tables, day), rules)];
  const attacks = models.map((model) => ({
    name: model.name,
    ranges: attack({ ...printed, model, solver }),
  }));
  return { day, attacks, known: knownFrom(printed, attacks.at(-1)?.ranges ?? new Map()) };
};

const changesOver = (
  pairs: readonly (readonly [before: Day, after: Day])[],
  rules: AuditRules,
): ChangeOutcome => {
  const found = pairs.map(([before, after]) => changesBetween(before.known, after.known, rules));
  const sum = (of: (outcome: ChangeOutcome) => number): number =>
    found.reduce((total, outcome) => total + of(outcome), 0);
  return {
    compared: sum(({ compared }) => compared),
    changed: sum(({ changed }) => changed),
    small: sum(({ small }) => small),
  };
};

/** Cells without a number of any day. */
const withheldIn = (tables: readonly PrintedTable[], days: readonly string[]) => {
  const { structure } = printedIn(tables);
  const printed = new Set(days.flatMap((day) => [...printedIn(ofDay(tables, day)).published.keys()]));
  return { cells: structure.cells, withheld: structure.cells.filter((cell) => !printed.has(cell)) };
};

/**
 * Attacks a release with nothing but what is printed in it, as an outsider (A0) and as a reader of the policy (A1),
 * and compares what is then known with what is known from each earlier release (A4). Counts of one day add up, those
 * of two days need not. Knows nothing of how the pattern was chosen or which cells are sensitive, so a complementary
 * cell counts as much as a primary one.
 *
 * @throws RangeError if what is printed of one day contradicts itself.
 */
export const auditRelease = (
  release: readonly PrintedTable[],
  earlier: readonly (readonly PrintedTable[])[],
  asked: Rules,
): ReleaseAudit => {
  const { rules } = asked;
  const days = daysOf(release).map((day) => attackOn(release, day, asked));
  const { cells, withheld } = withheldIn(
    release,
    days.map(({ day }) => day),
  );
  const attacks = ['A0', 'A1'].map((model) => {
    const ranges = days.flatMap((day) => {
      const found = day.attacks.find(({ name }) => name === model)?.ranges;
      return withheld.flatMap((cell) => found?.get(cell) ?? []);
    });
    return outcomeOf(model, ranges, rules);
  });
  const within = changesOver(
    days.flatMap((after, at) => days.slice(0, at).map((before) => [before, after] as const)),
    rules,
  );
  const changes = earlier.map((tables) => {
    const before = daysOf(tables).map((day) => attackOn(tables, day, asked));
    return changesOver(
      before.flatMap((one) => days.map((other) => [one, other] as const)),
      rules,
    );
  });
  const gaps = [
    ...attacks.flatMap(({ exact, small }) => [exact, small]),
    ...[within, ...changes].map(({ small }) => small),
  ];
  return {
    verdict: gaps.every((gap) => gap === 0) ? 'withstands' : 'gives-away',
    cells: cells.length,
    withheld: withheld.length,
    attacks,
    within,
    earlier: changes,
  };
};
