import { attack, type Interval, narrowest } from '../attack/attack.js';
import { type AttackerModel, OUTSIDER } from '../attack/model.js';
import type { CellId } from '../candidate/cell.js';
import type { Bounds, Solver } from '../linear/program.js';
import type { ProtectionPolicy } from '../protect/policy.js';
import { farFromNone } from '../protect/primary.js';
import { withRanges } from '../protect/ranges.js';
import type { Rounding } from '../rules/rounding.js';
import { derivedCounts } from './derived-counts.js';
import { attackAmounts, type KnownAmounts } from './printed-amounts.js';
import type { PrintedRelease } from './printed-release.js';
import { daysOf, ofDay, type Printed, type PrintedTable, printedIn } from './printed-tables.js';
import { type PublicTotals, withPublicTotals } from './public-totals.js';

/** What a release is held to by somebody who has only the release. */
export type AuditRules = {
  /** The least count of children that may be known. */
  readonly threshold: number;
  /** Children between the least and the most that a count below the threshold may be. */
  readonly minWidth: number;
  /** Which zeros the policy prints, so that a withheld cell of that kind is known to be 1 or more. */
  readonly zeroCounts: ProtectionPolicy['zeroCounts'];
  readonly rounding: Rounding;
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

/** Counts that follow from percentages and differences. */
export type DerivedOutcome = {
  readonly counts: number;
  /** Of those, certainly of somebody and of fewer children than the threshold, within less than the width. */
  readonly small: number;
};

export type ReleaseAudit = {
  readonly verdict: 'withstands' | 'gives-away';
  readonly cells: number;
  readonly withheld: number;
  readonly attacks: readonly AttackOutcome[];
  /** The same of sums over children, in their units. */
  readonly amounts: AttackOutcome;
  readonly derived: DerivedOutcome;
  /** Totals from elsewhere that the attacker was given, and how many of them add to what is printed. */
  readonly public_totals: { readonly given: number; readonly used: number };
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
  { structure, printed }: Printed,
  asked: ReadonlySet<CellId>,
  { threshold, minWidth, zeroCounts }: AuditRules,
): AttackerModel => {
  const far = farFromNone({ threshold, minIntervalWidth: minWidth });
  const leastOf = (cell: CellId): number => {
    const beside = zeroCounts === 'publish-structural' ? outcomeBeside(cell) : undefined;
    if (beside !== undefined && printed.has(beside)) return far;
    return Number(isPrintedAtZero(cell, zeroCounts));
  };
  return {
    name: 'A1',
    beliefs: new Map(
      structure.cells.flatMap((cell) =>
        asked.has(cell) && !printed.has(cell) && leastOf(cell) > 0
          ? [[cell, { least: leastOf(cell), most: Number.POSITIVE_INFINITY }] as const]
          : [],
      ),
    ),
  };
};

const width = ({ least, most }: Bounds): number => most - least;

/**
 * A rate in a range tells a large count of a large group as closely as its policy lets it; that such a count is known
 * gives nobody away.
 */
const isToldByRange = (
  { printed, cell, threshold }: { printed: Printed; cell: CellId; threshold: number },
  range: Interval,
): boolean => printed.ranged.has(cell) && range.least >= threshold;

const outcomeOf = (
  attacker: string,
  ranges: readonly Interval[],
  { threshold, minWidth }: AuditRules,
): AttackOutcome => {
  const least = ranges.reduce((sofar, range) => Math.min(sofar, width(range)), Number.POSITIVE_INFINITY);
  return {
    attacker,
    exact: ranges.filter((range) => width(range) === 0).length,
    small: ranges.filter((range) => range.most < threshold && width(range) < minWidth).length,
    narrowest: Number.isFinite(least) ? least : null,
  };
};

type Known = ReadonlyMap<CellId, Bounds>;

/** Everything that is known nearly: what is printed, rounded or not, and what follows from it. */
const knownFrom = ({ published, bounds, printed }: Printed, ranges: Ranges): Known =>
  new Map([
    ...[...bounds].filter(([cell]) => printed.has(cell)),
    ...[...published].map(([cell, count]) => [cell, { least: count, most: count }] as const),
    ...[...ranges].flatMap(([cell, range]) => (width(range) === 0 ? [[cell, range] as const] : [])),
  ]);

const NO_CHANGE: ChangeOutcome = { compared: 0, changed: 0, small: 0 };

/** A change is one if it is certain, and small if it cannot be as large as the threshold. */
const changesBetween = (before: Known, after: Known, { threshold }: AuditRules): ChangeOutcome => {
  const changes = [...after].flatMap(([cell, now]) => {
    const was = before.get(cell);
    return was === undefined ? [] : [{ least: now.least - was.most, most: now.most - was.least }];
  });
  const certain = changes.filter(({ least, most }) => least > 0 || most < 0);
  return {
    compared: changes.length,
    changed: certain.length,
    small: certain.filter(({ least, most }) => Math.max(most, -least) < threshold).length,
  };
};

const added = (one: ChangeOutcome, other: ChangeOutcome): ChangeOutcome => ({
  compared: one.compared + other.compared,
  changed: one.changed + other.changed,
  small: one.small + other.small,
});

/** What somebody who has read the policy (A1) concludes of one day from everything that was printed of it. */
type Day = {
  readonly day: string;
  readonly printed: Printed;
  /** What was attacked: what is printed, and what is public from elsewhere. */
  readonly attacked: Printed;
  readonly ranges: Ranges;
  readonly known: Known;
  readonly amounts: KnownAmounts;
  readonly publicUsed: number;
};

export type AuditQuestion = {
  readonly rules: AuditRules;
  readonly solver: Solver;
  /** Totals that everybody has from elsewhere. */
  readonly publicTotals?: PublicTotals | undefined;
};

/** Cells of rows that are of a day; where all rows are of one, the rows without any number are too. */
const cellsOfDay = (
  tables: readonly PrintedTable[],
  day: string,
  rounding: Rounding,
): ReadonlySet<CellId> => {
  const alone = daysOf(tables).length === 1;
  const isOf = ({ asOf }: PrintedTable['rows'][number]) => asOf === day || (alone && asOf === null);
  const own = tables.map((table) => ({ ...table, rows: table.rows.filter(isOf) }));
  return new Set(printedIn(own, rounding).structure.cells);
};

const attackOn = ({ tables, amounts }: PrintedRelease, day: string, asked: AuditQuestion): Day => {
  const { rules, solver } = asked;
  const printed = printedIn(ofDay(tables, day), rules.rounding);
  const model = policyReader(printed, cellsOfDay(tables, day, rules.rounding), rules);
  const { outcome, used } = withPublicTotals(printed, { day, totals: asked.publicTotals }, (attacked) => ({
    attacked,
    ranges: attack({ ...attacked, model: withRanges(model, attacked.bounds), solver }),
  }));
  return {
    ...outcome,
    day,
    printed,
    publicUsed: used,
    known: knownFrom(printed, outcome.ranges),
    amounts: attackAmounts(
      amounts.map((amount) => (amount.asOf === day ? amount : { ...amount, volume: null, children: null })),
      { rounding: rules.rounding, solver },
    ),
  };
};

const changesOver = (
  pairs: readonly (readonly [before: Day, after: Day])[],
  rules: AuditRules,
): ChangeOutcome =>
  pairs
    .flatMap(([before, after]) => [
      changesBetween(before.known, after.known, rules),
      changesBetween(before.amounts.known, after.amounts.known, rules),
    ])
    .reduce(added, NO_CHANGE);

/** Cells without a number of any day. */
const withheldIn = (tables: readonly PrintedTable[], days: readonly Day[], { rounding }: AuditRules) => {
  const { structure } = printedIn(tables, rounding);
  const printed = new Set(days.flatMap((day) => [...day.printed.printed]));
  return { cells: structure.cells, withheld: structure.cells.filter((cell) => !printed.has(cell)) };
};

const derivedIn = (
  release: PrintedRelease,
  { threshold, minWidth, rounding }: AuditRules,
): DerivedOutcome => {
  const derived = derivedCounts(release, rounding);
  const isSmall = (range: Bounds): boolean =>
    range.least >= 1 && range.most < threshold && width(range) < minWidth;
  return { counts: derived.length, small: derived.filter(isSmall).length };
};

/** The withheld cells of a day that an attack is judged by. */
const judged = (
  { printed }: Day,
  ranges: Ranges,
  { withheld, rules }: { readonly withheld: readonly CellId[]; readonly rules: AuditRules },
): readonly (readonly [CellId, Interval])[] =>
  withheld.flatMap((cell) => {
    const range = ranges.get(cell);
    const isTold = range === undefined || isToldByRange({ printed, cell, ...rules }, range);
    return isTold ? [] : [[cell, range] as const];
  });

/**
 * What the outsider finds. Everything that A1 believes possible the outsider believes possible too, so where A1 finds
 * nothing exact and nothing small only the narrowest interval is left to look for.
 */
const outsiderOn = (
  days: readonly Day[],
  withheld: readonly CellId[],
  {
    reader,
    rules,
    solver,
  }: { readonly reader: AttackOutcome; readonly rules: AuditRules; readonly solver: Solver },
): AttackOutcome => {
  const questions = days.map((day) => ({
    day,
    question: { ...day.attacked, model: withRanges(OUTSIDER, day.attacked.bounds), solver },
  }));
  if (reader.exact + reader.small > 0) {
    const ranges = questions.flatMap(({ day, question }) =>
      judged(day, attack(question), { withheld, rules }).map(([, range]) => range),
    );
    return outcomeOf(OUTSIDER.name, ranges, rules);
  }
  const widths = questions.map(({ day, question }) => {
    const asked = judged(day, day.ranges, { withheld, rules }).map(([cell]) => cell);
    return narrowest(question, new Set(asked)).width;
  });
  const width = widths.reduce((least, each) => Math.min(least, each), Number.POSITIVE_INFINITY);
  return { attacker: OUTSIDER.name, exact: 0, small: 0, narrowest: Number.isFinite(width) ? width : null };
};

const attacksOn = (
  days: readonly Day[],
  withheld: readonly CellId[],
  { rules, solver }: AuditQuestion,
): readonly AttackOutcome[] => {
  const ranges = days.flatMap((day) =>
    judged(day, day.ranges, { withheld, rules }).map(([, range]) => range),
  );
  const reader = outcomeOf('A1', ranges, rules);
  return [outsiderOn(days, withheld, { reader, rules, solver }), reader];
};

const gapsIn = ({ attacks, amounts, derived, within, earlier }: Omit<ReleaseAudit, 'verdict'>): number =>
  [
    ...[...attacks, amounts].flatMap(({ exact, small }) => [exact, small]),
    derived.small,
    ...[within, ...earlier].map(({ small }) => small),
  ].reduce((total, gap) => total + gap, 0);

/**
 * Attacks a release with nothing but what is printed in it, as an outsider (A0) and as a reader of the policy (A1),
 * each with the totals that everybody has, and compares what is then known with what is known from each earlier release
 * (A4). Counts, counts by link, ranges and rounded counts are equations and bounds; so are sums over children, apart.
 * What percentages and differences tell is worked out from what is printed beside them. Counts of one day add up, those
 * of two days need not. Knows nothing of how the pattern was chosen or which cells are sensitive, so a complementary
 * cell counts as much as a primary one.
 *
 * @throws RangeError if what is printed of one day contradicts itself.
 */
export const auditRelease = (
  release: PrintedRelease,
  earlier: readonly PrintedRelease[],
  asked: AuditQuestion,
): ReleaseAudit => {
  const { rules } = asked;
  const days = daysOf(release.tables).map((day) => attackOn(release, day, asked));
  const { cells, withheld } = withheldIn(release.tables, days, rules);
  const changes = earlier.map((each) => {
    const before = daysOf(each.tables).map((day) => attackOn(each, day, asked));
    return changesOver(
      before.flatMap((one) => days.map((other) => [one, other] as const)),
      rules,
    );
  });
  const within = days.flatMap((after, at) => days.slice(0, at).map((before) => [before, after] as const));
  const found = {
    cells: cells.length,
    withheld: withheld.length,
    attacks: attacksOn(days, withheld, asked),
    amounts: outcomeOf(
      'A1',
      days.flatMap(({ amounts }) => [...amounts.ranges.values()]),
      rules,
    ),
    derived: derivedIn(release, rules),
    public_totals: {
      given: asked.publicTotals?.totals.length ?? 0,
      used: Math.max(0, ...days.map(({ publicUsed }) => publicUsed)),
    },
    within: changesOver(within, rules),
    earlier: changes,
  };
  return { verdict: gapsIn(found) === 0 ? 'withstands' : 'gives-away', ...found };
};
