/** A row over positions 0, 1, 2 ...; only which positions it ties together matters here. */
type Tie = { readonly terms: readonly (readonly [position: number, factor: number])[] };

/**
 * Positions that rows tie to one another, directly or not, in ascending order, and those rows in theirs, with their
 * terms counted anew: n stands for `positions[n]`.
 */
export type Part<Row extends Tie> = { readonly positions: readonly number[]; readonly rows: readonly Row[] };

/** Every position on the way is hung below the root, so that the way is short the next time. */
const rootOf = (parents: Map<number, number>, position: number): number => {
  let root = position;
  for (let up = parents.get(root); up !== undefined; up = parents.get(root)) root = up;
  for (let at = position; at !== root; ) {
    const up = parents.get(at) ?? root;
    parents.set(at, root);
    at = up;
  }
  return root;
};

const join = (parents: Map<number, number>, a: number, b: number): void => {
  const [rootA, rootB] = [rootOf(parents, a), rootOf(parents, b)];
  if (rootA !== rootB) parents.set(rootB, rootA);
};

const rootsOf = (rows: readonly Tie[]): Map<number, number> => {
  const parents = new Map<number, number>();
  for (const { terms } of rows) {
    const [first] = terms;
    for (const [position] of terms) if (first !== undefined) join(parents, first[0], position);
  }
  return parents;
};

const grouped = <Key, Value>(values: Iterable<Value>, keyOf: (value: Value) => Key | undefined) => {
  const groups = new Map<Key | undefined, Value[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
};

/** Splits positions 0 to `size` - 1 into parts that no row ties. A position in no row is a part of its own. */
export const partsOf = <Row extends Tie>(size: number, rows: readonly Row[]): readonly Part<Row>[] => {
  const parents = rootsOf(rows);
  const rowsByRoot = grouped(rows, ({ terms: [first] }) => first && rootOf(parents, first[0]));
  const positionsByRoot = grouped(Array(size).keys(), (position) => rootOf(parents, position));
  return [...positionsByRoot].map(([root, positions]) => {
    const place = new Map(positions.map((position, at) => [position, at]));
    const counted = (row: Row): Row => ({
      ...row,
      terms: row.terms.map(([position, factor]) => [place.get(position) ?? 0, factor] as const),
    });
    return { positions, rows: (rowsByRoot.get(root) ?? []).map(counted) };
  });
};
