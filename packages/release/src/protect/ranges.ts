import { audit, type Question } from '../attack/attack.js';
import type { AttackerModel } from '../attack/model.js';
import type { Candidate, CellId, Group } from '../candidate/cell.js';
import { byName } from '../candidate/cell.js';
import type { Bounds, Solver } from '../linear/program.js';
import { countsInRange, rateRange } from '../rules/rate-range.js';
import type { ProtectionPolicy } from './policy.js';
import { policyReader } from './protect.js';

/** Rates as ranges, by the name of their yes. */
export type Ranges = ReadonlyMap<CellId, string>;

/** Outcomes of which only a rate is told: those of every group of which anybody is known. */
export const outcomesInRanges = ({ cells, groups }: Candidate): ReadonlySet<CellId> => {
  const count = (id: CellId): number => cells.get(id)?.count ?? 0;
  return new Set(groups.flatMap(({ yes, no }) => (count(yes) + count(no) > 0 ? [yes, no] : [])));
};

/** How many are known of a group, where that is printed. */
const knownOf = ({ unknown, all }: Group, published: ReadonlyMap<CellId, number>): number | null => {
  const [total, open] = [published.get(all), published.get(unknown)];
  return total === undefined || open === undefined ? null : total - open;
};

/**
 * What the ranges tell of the counts: a group's yes and no lie within those that are written so.
 *
 * @throws RangeError if a rate is no range.
 */
export const boundsOfRanges = (
  groups: readonly Group[],
  published: ReadonlyMap<CellId, number>,
  ranges: Ranges,
): ReadonlyMap<CellId, Bounds> =>
  new Map(
    groups.flatMap((group) => {
      const [range, known] = [ranges.get(group.yes), knownOf(group, published)];
      if (range === undefined || known === null) return [];
      const counts = countsInRange(range, known);
      if (counts === null) throw new RangeError('a rate must be a range');
      const no = { least: known - counts.most, most: known - counts.least };
      return [[group.yes, counts] as const, [group.no, no] as const];
    }),
  );

/** What an attacker believes who has read the ranges too. */
export const withRanges = (
  { name, beliefs }: AttackerModel,
  bounds: ReadonlyMap<CellId, Bounds>,
): AttackerModel => ({
  name,
  beliefs: new Map([
    ...beliefs,
    ...[...bounds].map(([cell, { least, most }]) => {
      const before = beliefs.get(cell);
      return [
        cell,
        { least: Math.max(least, before?.least ?? 0), most: Math.min(most, before?.most ?? most) },
      ] as const;
    }),
  ]),
});

export type RangeQuestion = {
  readonly candidate: Candidate;
  readonly policy: ProtectionPolicy;
  readonly published: ReadonlyMap<CellId, number>;
  readonly primary: ReadonlySet<CellId>;
  readonly solver: Solver;
};

/**
 * The ranges that may be printed beside what is published: of every group whose known members are told, unless a
 * sensitive count would be narrower than the policy asks. Then the ranges of its own group and of those that share a sum
 * with it go, until the attack finds nothing.
 */
export const safeRanges = ({ candidate, policy, published, primary, solver }: RangeQuestion): Ranges => {
  const { groups, structure } = candidate;
  const hidden = Math.max(policy.threshold - 1, policy.minIntervalWidth);
  const ranges = new Map(
    groups.flatMap((group) => {
      const known = knownOf(group, published);
      if (known === null || published.has(group.yes)) return [];
      const range = rateRange(candidate.cells.get(group.yes)?.count ?? 0, known, hidden);
      return range === null ? [] : [[group.yes, range] as const];
    }),
  );
  const demands = new Map(
    [...primary]
      .filter((cell) => !published.has(cell))
      .map((cell) => [cell, policy.minIntervalWidth] as const),
  );
  const reader = policyReader(candidate, policy, published);
  while (ranges.size > 0) {
    const model = withRanges(reader, boundsOfRanges(groups, published, ranges));
    const question: Question = { published, structure, model, solver };
    const failed = new Set(audit(question, demands).map(({ cell }) => cell));
    if (failed.size === 0) break;
    const close = structure.equations
      .filter(({ terms }) => terms.some(([cell]) => failed.has(cell)))
      .flatMap(({ terms }) => terms.map(([cell]) => cell));
    const gone = groups.filter(({ yes, no }) =>
      [...failed, ...close].some((cell) => cell === yes || cell === no),
    );
    if (!gone.some(({ yes }) => ranges.delete(yes))) ranges.clear();
    for (const { yes } of gone) ranges.delete(yes);
  }
  return new Map([...ranges].sort(([a], [b]) => byName(a, b)));
};
