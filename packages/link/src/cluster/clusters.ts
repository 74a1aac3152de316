/**
 * Records joined into persons, never more of one source than a person can have there. Plain arrays and a union-find
 * (Tarjan 1975): SQL has no such constraint, and connected components without it would join a child to its twin
 * through any one false link.
 */
export type Clusters = {
  /** The person of a record: the smallest record in it. */
  readonly personOf: (record: number) => number;
  /** Whether the persons of two records could be one. */
  readonly fits: (one: number, other: number) => boolean;
  /** Joins the persons of two records. @returns false, and nothing has changed, where they do not fit. */
  readonly join: (one: number, other: number) => boolean;
  /** All records of the person of a record. */
  readonly membersOf: (record: number) => readonly number[];
} & Sources;

export type Sources = {
  /** By record: its source. */
  readonly sourceOf: Int32Array;
  /** By source: how many records a person can have in it. */
  readonly capacityOf: Int32Array;
};

/** Every record a person of its own. */
export function clustersOf({ sourceOf, capacityOf }: Sources): Clusters {
  const parent = Int32Array.from(sourceOf.keys());
  const next = Int32Array.from(sourceOf.keys());
  const at = (list: Int32Array, index: number) => list[index] ?? 0;

  const personOf = (record: number): number => {
    let root = record;
    while (at(parent, root) !== root) {
      const above = at(parent, at(parent, root));
      parent[root] = above;
      root = above;
    }
    return root;
  };

  const membersOf = (record: number): readonly number[] => {
    const members = [record];
    for (let member = at(next, record); member !== record; member = at(next, member)) members.push(member);
    return members;
  };

  const fits = (one: number, other: number): boolean => {
    if (personOf(one) === personOf(other)) return true;
    const sources = [...membersOf(one), ...membersOf(other)].map((record) => at(sourceOf, record));
    return sources.every(
      (source) => sources.filter((each) => each === source).length <= at(capacityOf, source),
    );
  };

  const join = (one: number, other: number): boolean => {
    const left = personOf(one);
    const right = personOf(other);
    if (left === right) return true;
    if (!fits(left, right)) return false;
    parent[Math.max(left, right)] = Math.min(left, right);
    const afterLeft = at(next, left);
    next[left] = at(next, right);
    next[right] = afterLeft;
    return true;
  };

  return { personOf, fits, join, membersOf, sourceOf, capacityOf };
}

/** By record: its person. */
export const personsOf = ({ personOf, sourceOf }: Clusters): Int32Array =>
  Int32Array.from(sourceOf.keys(), personOf);
