import { MOST_DUPLICATES, personsOfAll } from '@throughline/model';

/** Two records of one source that may be one person, and how likely they are. */
export type Likeness = { readonly one: number; readonly other: number; readonly probability: number };

export type LocalPersons = {
  /** By record: its person, named by its first record. */
  readonly persons: number[];
  /** Groups of more records than a person can have, held together by likenesses between neighbours only. */
  readonly crowded: number;
};

/**
 * Joins records that are at least so likely one person, the likeliest first, and never against what the other pairs of
 * the two groups say on the whole: one slip that looks like a neighbour's child makes no person of two. A group that
 * grows beyond what a person can have is taken apart: in it records are joined only where each is like each other one.
 * So a ladder, whose rungs are near and whose ends are not, is never one person, and nobody is joined to a crowd.
 *
 * @param likenesses of all pairs that were compared.
 */
export function joinDuplicates(
  records: number,
  likenesses: readonly Likeness[],
  least: number,
): LocalPersons {
  const alone = Int32Array.from({ length: records }, (_, record) => record);
  const joined = personsOfAll(alone, likenesses, least);
  const sizes = new Map<number, number>();
  for (const leader of joined) sizes.set(leader, (sizes.get(leader) ?? 0) + 1);
  const crowds = new Map<number, Likeness[]>();
  for (const likeness of likenesses) {
    const leader = joined[likeness.one] ?? likeness.one;
    if (likeness.probability < least || (sizes.get(leader) ?? 0) <= MOST_DUPLICATES) continue;
    const of = crowds.get(leader);
    if (of === undefined) crowds.set(leader, [likeness]);
    else of.push(likeness);
  }
  const apart = new Map([...crowds.values()].flatMap((of) => [...takenApart(of)]));
  return {
    persons: Array.from(joined, (leader, record) =>
      crowds.has(leader) ? (apart.get(record) ?? record) : leader,
    ),
    crowded: crowds.size,
  };
}

/** By record of a crowd: the first record of those that are all alike. */
function takenApart(likenesses: readonly Likeness[]): Map<number, number> {
  const groups = new Map<number, number[]>();
  const groupOf = (record: number): number[] => {
    const known = groups.get(record) ?? [record];
    groups.set(record, known);
    return known;
  };
  const alike = new Set(likenesses.map(({ one, other }) => keyOf(one, other)));
  const ordered = likenesses.toSorted(
    (x, y) => y.probability - x.probability || x.one - y.one || x.other - y.other,
  );
  for (const { one, other } of ordered) {
    const [left, right] = [groupOf(one), groupOf(other)];
    if (left === right || left.length + right.length > MOST_DUPLICATES) continue;
    if (!left.every((x) => right.every((y) => alike.has(keyOf(x, y))))) continue;
    left.push(...right);
    for (const record of right) groups.set(record, left);
  }
  return new Map([...groups].map(([record, group]) => [record, Math.min(...group)]));
}

const keyOf = (one: number, other: number): string => `${Math.min(one, other)} ${Math.max(one, other)}`;
