import type { Scene } from '../people/scene.js';
import { type Lists, listAt } from '../people/values.js';

/**
 * Frequency alignment: tokens of a file sorted by how many rows have them, beside the values of the roll sorted by how
 * many children have them, rank by rank.
 *
 * @param values of one column, by row of the scene.
 * @returns rows of the first file whose token was given its own value.
 */
export function alignedRows(
  { roll, files }: Scene,
  values: Lists,
  shown: (holders: number) => boolean,
): number {
  const rows = files[0]?.rows.length ?? 0;
  const delivered = [...holdersOf(values, roll, roll + rows)].filter(([, holders]) => shown(holders));
  const expected = bySize([...holdersOf(values, 0, roll)], ROLL_ORDER);
  return bySize(delivered, FILE_ORDER).reduce(
    (sum, [value, holders], rank) => sum + (expected[rank]?.[0] === value ? holders : 0),
    0,
  );
}

function holdersOf(values: Lists, from: number, until: number): Map<number, number> {
  const holders = new Map<number, number>();
  for (let row = from; row < until; row += 1) {
    for (const value of listAt(values, row)) holders.set(value, (holders.get(value) ?? 0) + 1);
  }
  return holders;
}

/** Ties stand in two orders that have nothing to do with each other. */
const [ROLL_ORDER, FILE_ORDER] = [0x9e3779b1, 0x85ebca6b];

const bySize = (holders: readonly (readonly [number, number])[], order: number) =>
  [...holders].sort(
    ([one, many], [other, more]) => more - many || scrambled(one, order) - scrambled(other, order),
  );

function scrambled(value: number, order: number): number {
  const mixed = Math.imul((value + 1) ^ (value >>> 7), order);
  return Math.imul(mixed ^ (mixed >>> 15), order) >>> 0;
}
