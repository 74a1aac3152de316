import { attack, type Interval } from '../attack/attack.js';
import { type AttackerModel, OUTSIDER } from '../attack/model.js';
import type { CellId } from '../candidate/cell.js';
import type { Solver } from '../linear/program.js';
import type { ProtectionPolicy } from '../protect/policy.js';
import { type Printed, type PrintedTable, printedIn } from './printed-tables.js';

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
  readonly earlier: readonly ChangeOutcome[];
};

type Ranges = ReadonlyMap<CellId, Interval>;

/** Whether a cell with this name is printed whenever it is 0. */
const isPrintedAtZero = (cell: CellId, { zeroCounts }: AuditRules): boolean => {
  const [, , status] = JSON.parse(cell) as readonly string[];
  return zeroCounts === 'publish-always' || status === 'unknown' || status === 'all';
};

/** Somebody who has read which zeros are always printed. */
const policyReader = ({ structure, published }: Printed, rules: AuditRules): AttackerModel => ({
  name: 'A1',
  beliefs: new Map(
    structure.cells
      .filter((cell) => !published.has(cell) && isPrintedAtZero(cell, rules))
      .map((cell) => [cell, { least: 1, most: Number.POSITIVE_INFINITY }]),
  ),
});

const width = ({ least, most }: Interval): number => most - least;

const outcomeOf = (attacker: string, ranges: Ranges, { threshold, minWidth }: AuditRules): AttackOutcome => {
  const all = [...ranges.values()];
  const narrowest = Math.min(...all.map(width));
  return {
    attacker,
    exact: all.filter((range) => width(range) === 0).length,
    small: all.filter((range) => range.most < threshold && width(range) < minWidth).length,
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

/**
 * Attacks a release with nothing but what is printed in it, as an outsider (A0) and as a reader of the policy (A1),
 * and compares what is then known with what is known from each earlier release (A4). Knows nothing of how the pattern
 * was chosen or which cells are sensitive, so a complementary cell counts as much as a primary one.
 *
 * @throws RangeError if what is printed contradicts itself.
 */
export const auditRelease = (
  release: readonly PrintedTable[],
  earlier: readonly (readonly PrintedTable[])[],
  { rules, solver }: { readonly rules: AuditRules; readonly solver: Solver },
): ReleaseAudit => {
  const printed = printedIn(release);
  const rangesOf = (of: Printed, model: AttackerModel): Ranges => attack({ ...of, model, solver });
  const models = [OUTSIDER, policyReader(printed, rules)];
  const found = models.map((model) => ({ name: model.name, ranges: rangesOf(printed, model) }));
  const attacks = found.map(({ name, ranges }) => outcomeOf(name, ranges, rules));
  const known = knownFrom(printed, found.at(-1)?.ranges ?? new Map());
  const changes = earlier.map((tables) => {
    const before = printedIn(tables);
    return changesBetween(knownFrom(before, rangesOf(before, policyReader(before, rules))), known, rules);
  });
  const gaps = [
    ...attacks.flatMap(({ exact, small }) => [exact, small]),
    ...changes.map(({ small }) => small),
  ];
  return {
    verdict: gaps.every((gap) => gap === 0) ? 'withstands' : 'gives-away',
    cells: printed.structure.cells.length,
    withheld: printed.structure.cells.length - printed.published.size,
    attacks,
    earlier: changes,
  };
};
