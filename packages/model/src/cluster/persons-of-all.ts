/**
 * How many records a person can have in a source that may have duplicates. More than that are not one person who was
 * registered often, but a crowd, a ladder, or a value that says nothing.
 */
export const MOST_DUPLICATES = 8;

/** A person of one source as seen by others: sources and persons within them numbered from 0. */
export type Link = {
  readonly one: number;
  readonly other: number;
  readonly probability: number;
};

/**
 * Joins persons of several sources into persons of all: the likeliest pair first, never two of one source, and never
 * against what the other pairs of the two groups say on the whole. So two that no pass has brought together are
 * joined by a third that both resemble, and a chain of weak likenesses is not.
 *
 * @param sourceOf the source of each node.
 * @returns for each node the smallest node of its group.
 */
export function personsOfAll(sourceOf: Int32Array, links: readonly Link[], least: number): Int32Array {
  const groups = Array.from(sourceOf, (_, node) => [node]);
  const groupOf = Int32Array.from(sourceOf.keys());
  const said = new Map<number, Map<number, number>>();
  for (const { one, other, probability } of links) {
    note(said, one, other, probability);
    note(said, other, one, probability);
  }
  const ordered = links
    .filter(({ probability }) => probability >= least)
    .toSorted((x, y) => y.probability - x.probability || x.one - y.one || x.other - y.other);
  for (const { one, other } of ordered) {
    const [left, right] = [groups[groupOf[one] ?? 0] ?? [], groups[groupOf[other] ?? 0] ?? []];
    if (left === right || sharesSource(left, right, sourceOf)) continue;
    if (meanOf(left, right, said) < MEAN_AGAINST) continue;
    const [into, from] = (left[0] ?? 0) < (right[0] ?? 0) ? [left, right] : [right, left];
    for (const node of from) groupOf[node] = into[0] ?? 0;
    into.push(...from);
    groups[from[0] ?? 0] = [];
  }
  return groupOf;
}

/** Pairs that met and said no count against a group; pairs that never met say nothing. */
const MEAN_AGAINST = 0.3;

function note(said: Map<number, Map<number, number>>, one: number, other: number, probability: number): void {
  const of = said.get(one) ?? new Map<number, number>();
  said.set(one, of);
  of.set(other, probability);
}

function sharesSource(left: readonly number[], right: readonly number[], sourceOf: Int32Array): boolean {
  const sources = new Set(left.map((node) => sourceOf[node]));
  return right.some((node) => sources.has(sourceOf[node]));
}

function meanOf(
  left: readonly number[],
  right: readonly number[],
  said: ReadonlyMap<number, ReadonlyMap<number, number>>,
): number {
  let sum = 0;
  let met = 0;
  for (const one of left) {
    const of = said.get(one);
    for (const other of right) {
      const probability = of?.get(other);
      if (probability === undefined) continue;
      sum += probability;
      met += 1;
    }
  }
  return met === 0 ? 1 : sum / met;
}
