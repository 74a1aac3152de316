import { type Standing, standingsOf } from './standing.js';

/*
 * Which persons make a household. Two of them are brought together by one thing: that they hold a token of an address, a
 * telephone or a guardian in common. How many such things they have in common says nothing more: they come together.
 */

/** One row: a person holds a token of a rule in a source. By person, then source; `clear` is 0 for a crowd's token. */
export type Held = {
  readonly place: Int32Array;
  readonly source: Int32Array;
  readonly rule: Int32Array;
  readonly token: Int32Array;
  readonly clear: Int32Array;
};

export type Known = {
  /** Every two persons who hold a clear token in common, x before y. */
  readonly pairs: { readonly x: Int32Array; readonly y: Int32Array };
  readonly held: Held;
};

export type Formed = {
  /** The household of a person, by the first person in it; of persons in households of two or more. */
  readonly households: ReadonlyMap<number, number>;
  /** Persons of groups larger than a household is. */
  readonly crowd: ReadonlySet<number>;
  /** Pairs whose common token is old or chance: a source that knows both has them apart, and none together. */
  readonly apart: number;
  /** Pairs who would have joined a household with whose members one of them has nothing in common. */
  readonly refused: number;
};

/** A source that knows both is believed: of two sources that differ, the one that has them together. */
const isEvidence = ({ together, shares, parted }: Standing): boolean => together > 0 || (shares && !parted);

/**
 * Joins persons into households, those first whom most sources have together. Whoever joins must have something in common
 * with every member by whom the same is known; so a child of two homes is in one of them, and no two homes become one
 * through it. A group that would be larger than a household is none, with everybody whom evidence ties to it.
 */
export function formHouseholds({ pairs, held }: Known, mostChildren: number): Formed {
  const standing = standingsOf(held);
  const found = [...pairs.x].map((x, pair) => {
    const y = pairs.y[pair] ?? x;
    return { x, y, standing: standing(x, y) };
  });
  const evident = found.filter((pair) => isEvidence(pair.standing));
  evident.sort(
    (one, other) => other.standing.together - one.standing.together || one.x - other.x || one.y - other.y,
  );
  const groups = groupsOf(mostChildren, (x, y) => {
    const between = standing(x, y);
    return isEvidence(between) || !between.comparable;
  });
  for (const { x, y } of evident) groups.join(x, y);
  return { ...groups.found(), apart: found.length - evident.length };
}

type Group = { readonly members: number[]; readonly crowd: boolean };

function groupsOf(mostChildren: number, fits: (x: number, y: number) => boolean) {
  const groupOf = new Map<number, Group>();
  let refused = 0;
  const of = (person: number): Group => {
    const group = groupOf.get(person) ?? { members: [person], crowd: false };
    groupOf.set(person, group);
    return group;
  };
  /** The smaller one is written into the larger one, so that a crowd of thousands costs no more than its size. */
  const unite = (one: Group, other: Group, crowd: boolean): void => {
    const [small, large] = one.members.length < other.members.length ? [one, other] : [other, one];
    const { members } = large;
    members.push(...small.members);
    const united = { members, crowd };
    for (const person of crowd === large.crowd ? small.members : members) groupOf.set(person, united);
  };
  return {
    join: (x: number, y: number): void => {
      const [one, other] = [of(x), of(y)];
      if (one.members === other.members) return;
      const crowd = one.crowd || other.crowd;
      const fitting =
        crowd || one.members.every((each) => other.members.every((second) => fits(each, second)));
      if (!fitting) refused += 1;
      else unite(one, other, crowd || one.members.length + other.members.length > mostChildren);
    },
    found: () => {
      const [households, crowds] = [new Map<number, number>(), new Set<number>()];
      for (const [person, { members, crowd }] of groupOf) {
        if (crowd) crowds.add(person);
        else if (members.length > 1) households.set(person, Math.min(...members));
      }
      return { households, crowd: crowds, refused };
    },
  };
}
