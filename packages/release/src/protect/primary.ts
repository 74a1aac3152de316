import type { Candidate, Cell, CellId, CellStatus, Group, Status } from '../candidate/cell.js';
import { byName } from '../candidate/cell.js';
import type { ProtectionPolicy } from './policy.js';

export type Counts = { readonly [status in Status]: number };

const STATUSES: readonly Status[] = ['yes', 'no', 'unknown', 'all'];

/** All known members alike: the rate is 0 % or 100 %, and whoever knows a member knows their outcome. */
const isUnanimous = ({ yes, no }: Counts): boolean => (yes === 0) !== (no === 0);

/**
 * Which of a group's counts are sensitive by themselves.
 *
 * Small counts: `yes`, `no`, `unknown` and `all` alike, so a rate near 100 % is caught by its complement and the
 * excluded cases count (CMS: "no percentage or formula that yields 1..10"). The denominator of a rate, yes + no, has
 * no cell of its own: if it is 1 to threshold - 1, then so is `yes` or `no`, or the group is unanimous.
 *
 * Zeros: in a unanimous group `yes` and `no` are both sensitive, whatever its size. Nobody known (yes = no = 0)
 * tells nothing about anybody.
 */
export const sensitiveIn = (counts: Counts, policy: ProtectionPolicy): readonly Status[] => {
  const withholdUnanimous = policy.zeroCounts === 'publish-structural' && isUnanimous(counts);
  return STATUSES.filter((status) => {
    const small = counts[status] >= 1 && counts[status] < policy.threshold;
    return small || (withholdUnanimous && (status === 'yes' || status === 'no'));
  });
};

const countsOf = (cells: ReadonlyMap<CellId, Cell>, group: Group): Counts => {
  const count = (status: Status): number => cells.get(group[status])?.count ?? 0;
  return { yes: count('yes'), no: count('no'), unknown: count('unknown'), all: count('all') };
};

/** An overlap has no complement of its own: it is sensitive where it is small. */
const smallOverlaps = (
  cells: ReadonlyMap<CellId, Cell>,
  { threshold }: ProtectionPolicy,
): readonly CellId[] =>
  [...cells.values()].flatMap(({ id, status, count }) =>
    status === 'overlap' && count >= 1 && count < threshold ? [id] : [],
  );

/** Every cell that is sensitive by itself, in order of name. */
export const primaryCells = ({ cells, groups }: Candidate, policy: ProtectionPolicy): ReadonlySet<CellId> =>
  new Set(
    [
      ...groups.flatMap((group) =>
        sensitiveIn(countsOf(cells, group), policy).map((status) => group[status]),
      ),
      ...smallOverlaps(cells, policy),
    ].sort(byName),
  );

/**
 * A count from which on nobody can take it for none: no table that fits what is printed moves one by so many. Where
 * the `yes` and the `no` of a group are both this large, either may be printed without the other.
 */
export const farFromNone = ({
  threshold,
  minIntervalWidth,
}: Pick<ProtectionPolicy, 'threshold' | 'minIntervalWidth'>): number =>
  4 * Math.max(threshold, minIntervalWidth);

/** Groups whose `yes` and `no` may be printed one without the other. */
const farGroups = ({ cells, groups }: Counted, policy: ProtectionPolicy): readonly Group[] => {
  const isFar = (id: CellId): boolean => (cells.get(id)?.count ?? 0) >= farFromNone(policy);
  return groups.filter(({ yes, no }) => isFar(yes) && isFar(no));
};

type Counted = Pick<Candidate, 'cells' | 'groups'>;

/** Outcomes that may be printed or withheld alone, where a unanimous group is withheld. */
export const loneOutcomes = (counted: Counted, policy: ProtectionPolicy): ReadonlySet<CellId> =>
  new Set(
    policy.zeroCounts === 'publish-always'
      ? []
      : farGroups(counted, policy).flatMap(({ yes, no }) => [yes, no]),
  );

/**
 * Cells that are printed together or not at all: the `yes` and `no` of a group, where a unanimous group is
 * withheld. Printed alone, a `yes` above 0 would tell that the `no` is not 0, and a `yes` of 0 that the `no` is 0
 * too. Where both are far from none that is no news, and a headline count need not fall with the count beside it. A
 * cell without an entry goes alone.
 */
export const companions = (counted: Counted, policy: ProtectionPolicy): ReadonlyMap<CellId, CellId> => {
  if (policy.zeroCounts === 'publish-always') return new Map();
  const alone = loneOutcomes(counted, policy);
  return new Map(
    counted.groups.flatMap(({ yes, no }) =>
      alone.has(yes)
        ? []
        : [
            [yes, no],
            [no, yes],
          ],
    ),
  );
};

/**
 * Whether a cell of this kind is printed whenever it is 0, so that a reader of the policy knows a withheld one to be
 * 1 or more. Under `publish-structural` a withheld `yes` or `no` may be 0: in a unanimous group it has to be
 * withheld, and where nobody's outcome is known it may be.
 */
export const isNeverWithheldAtZero = (status: CellStatus, { zeroCounts }: ProtectionPolicy): boolean =>
  status !== 'overlap' && (zeroCounts === 'publish-always' || status === 'unknown' || status === 'all');

/**
 * Whether a group's rate, yes / (yes + no), may be printed. It may if both counts are printed and somebody's outcome
 * is known. Then the rate, rounded or not, is a function of two published numbers and adds nothing to them. If
 * either count is withheld no rate is printed at all, so a rate never narrows an interval, and a rate need not
 * appear in the attacker's equations.
 */
export const isRatePrinted = (group: Group, published: ReadonlyMap<CellId, number>): boolean => {
  const yes = published.get(group.yes);
  const no = published.get(group.no);
  return yes !== undefined && no !== undefined && yes + no > 0;
};
