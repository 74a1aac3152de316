/** The value of a column at its coarsest, and in a cell that is suppressed: it tells nothing. */
export const ANY = '*';

/**
 * A quasi-identifier, and how each of its values is generalised: at level 0 it is the value itself, and each level is
 * coarser than the one before. The last level is the same for all values.
 */
export type Column = {
  readonly name: string;
  readonly hierarchy: ReadonlyMap<string, readonly string[]>;
};

/** Told or not told, nothing between. */
export const toldOrNot = (name: string, values: Iterable<string>): Column => ({
  name,
  hierarchy: new Map([...values].map((value) => [value, [value, ANY]])),
});

export const heightOf = ({ hierarchy }: Column): number =>
  Math.max(0, ...[...hierarchy.values()].map(({ length }) => length - 1));

/**
 * @throws RangeError naming the column whose hierarchy has values of different height, ends in several values, or is
 *   not one: two values that are one at a level must be one at every coarser level.
 */
export function requireHierarchy(column: Column): void {
  const { name, hierarchy } = column;
  const height = heightOf(column);
  const parents = new Map<string, string | undefined>();
  for (const steps of hierarchy.values()) {
    if (steps.length !== height + 1)
      throw new RangeError(`${name} must have ${height + 1} levels everywhere`);
    for (let level = 0; level < height; level++) {
      const place = `${level} ${steps[level]}`;
      if (parents.has(place) && parents.get(place) !== steps[level + 1])
        throw new RangeError(`${name} must have one value above each`);
      parents.set(place, steps[level + 1]);
    }
  }
  if (new Set([...hierarchy.values()].map((steps) => steps[height])).size > 1)
    throw new RangeError(`${name} must have one value at its coarsest level`);
}

/** Of each value at each level: the share of the other values that it can no longer be told from, 0 to 1. */
export function lossesOf({ hierarchy }: Column): ReadonlyMap<string, readonly number[]> {
  const leaves = new Map<string, number>();
  for (const steps of hierarchy.values())
    for (const [level, value] of steps.entries())
      leaves.set(`${level} ${value}`, (leaves.get(`${level} ${value}`) ?? 0) + 1);
  const others = Math.max(1, hierarchy.size - 1);
  return new Map(
    [...hierarchy].map(([value, steps]) => [
      value,
      steps.map((step, level) => ((leaves.get(`${level} ${step}`) ?? 1) - 1) / others),
    ]),
  );
}
