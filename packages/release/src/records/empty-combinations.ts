import { byName } from '../candidate/cell.js';
import type { Crossing, Microdata } from './record-sets.js';

type Combination = readonly string[];

const keyOf = (values: readonly string[]): string => JSON.stringify(values);

/** The values that a margin takes together: nested columns have few combinations. */
const tuplesOf = (
  combinations: readonly Combination[],
  margin: readonly number[],
): readonly Combination[] => {
  const tuples = new Map(
    combinations.map((combination) => {
      const tuple = margin.map((at) => combination[at] ?? '');
      return [keyOf(tuple), tuple];
    }),
  );
  return [...tuples].sort(([a], [b]) => byName(a, b)).map(([, tuple]) => tuple);
};

const product = (lists: readonly (readonly Combination[])[]): readonly (readonly Combination[])[] =>
  lists.reduce<readonly (readonly Combination[])[]>(
    (sofar, list) => sofar.flatMap((each) => list.map((tuple) => [...each, tuple])),
    [[]],
  );

/** For every choice of margins but one, the first combination that has given values in the others. */
const neighbours = (combinations: readonly Combination[], margins: readonly (readonly number[])[]) => {
  const kept = margins.map((_, dropped) => margins.filter((_, at) => at !== dropped).flat());
  const first = kept.map((positions) => {
    const found = new Map<string, Combination>();
    for (const combination of combinations) {
      const key = keyOf(positions.map((at) => combination[at] ?? ''));
      if (!found.has(key)) found.set(key, combination);
    }
    return found;
  });
  return (combination: Combination): Combination | undefined => {
    for (const [dropped, positions] of kept.entries()) {
      const near = first[dropped]?.get(keyOf(positions.map((at) => combination[at] ?? '')));
      if (near !== undefined) return near;
    }
    return combinations[0];
  };
};

const emptyIn = (microdata: Microdata, { cross }: Crossing): readonly Combination[] => {
  const { columns, combinations } = microdata;
  const margins = cross.map((margin) => margin.map((column) => columns.indexOf(column)));
  const positions = margins.flat();
  const present = new Set(
    combinations.map((combination) => keyOf(positions.map((at) => combination[at] ?? ''))),
  );
  const nearest = neighbours(combinations, margins);
  return product(margins.map((margin) => tuplesOf(combinations, margin))).flatMap((tuples) => {
    const values = tuples.flat();
    if (present.has(keyOf(values))) return [];
    const placed = new Map(positions.map((position, at) => [position, values[at] ?? '']));
    const bare = columns.map((_, at) => placed.get(at) ?? '');
    const near = nearest(bare);
    return [columns.map((_, at) => placed.get(at) ?? near?.[at] ?? '')];
  });
};

/** How many rows at the finest level the tables have, if every combination of levels is a row. */
export const crossingSize = ({ columns, combinations }: Microdata, tables: readonly Crossing[]): number =>
  tables.reduce(
    (sum, { cross }) =>
      sum +
      cross.reduce(
        (size, margin) =>
          size *
          tuplesOf(
            combinations,
            margin.map((column) => columns.indexOf(column)),
          ).length,
        1,
      ),
    0,
  );

/**
 * The people and, with a count of 0, every combination that a table's margins allow and nobody has, so that an empty
 * cell is a cell. Where zeros are withheld, a reader cannot tell them from the rest. The columns that the table does
 * not use are those of the nearest combination that somebody has: every further completion would leave the reader in
 * more doubt, so the fewest make the strongest attacker.
 */
export const withEmptyCombinations = (microdata: Microdata, tables: readonly Crossing[]): Microdata => {
  const { columns, combinations, counts } = microdata;
  const all = new Map(
    combinations.map((combination, at) => [keyOf(combination), { combination, count: counts[at] ?? 0 }]),
  );
  for (const combination of tables.flatMap((table) => emptyIn(microdata, table))) {
    if (!all.has(keyOf(combination))) all.set(keyOf(combination), { combination, count: 0 });
  }
  const ordered = [...all].sort(([a], [b]) => byName(a, b)).map(([, each]) => each);
  return {
    columns,
    combinations: ordered.map(({ combination }) => combination),
    counts: ordered.map(({ count }) => count),
  };
};
