import type { Clusters } from '../cluster/clusters.js';

/** Two records of which owners said something. */
export type Said = { readonly a: number; readonly b: number };

/** Whether an owner said of a record of one person and a record of another that they are two children. */
export const apart =
  (others: readonly Said[], clusters: Clusters) =>
  (one: number, other: number): boolean =>
    others.some(({ a, b }) => {
      const [x, y] = [clusters.personOf(a), clusters.personOf(b)];
      return (x === one && y === other) || (x === other && y === one);
    });

/** The numbers that persons hold, in bits of the passes of the numbers, kept as persons are joined. */
export function numbersHeld(numbers: ReadonlyMap<number, number>) {
  const held = new Map(numbers);
  const of = (person: number): number => held.get(person) ?? 0;
  return {
    /** Whether two persons hold numbers of one kind: tokens have joined those who hold the same. */
    differ: (one: number, other: number): boolean => (of(one) & of(other)) !== 0,
    merge: (into: number, one: number, other: number): void => {
      held.set(into, of(one) | of(other));
    },
  };
}
