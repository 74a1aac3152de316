import type { RecordCandidate, RecordSet } from './record-sets.js';

/** Atoms that the same sets hold, of those looked at: nothing but their sum can be told from those sets. */
export type Classes = {
  /** By atom, its class: 0 to `size` - 1. */
  readonly of: Int32Array;
  readonly size: number;
};

/** Splits all atoms by the given sets, by partition refinement: time grows with the entries of the sets. */
export const classesOf = ({ atoms, sets }: RecordCandidate, about: Iterable<number>): Classes => {
  const of = new Int32Array(atoms.length);
  const sizes = [atoms.length];
  for (const at of about) {
    const members = sets[at]?.atoms ?? new Int32Array();
    const inside = new Map<number, number>();
    for (const atom of members) inside.set(of[atom] ?? 0, (inside.get(of[atom] ?? 0) ?? 0) + 1);
    const moved = new Map<number, number>();
    for (const [old, count] of inside) {
      const size = sizes[old] ?? 0;
      if (count === size) continue;
      sizes[old] = size - count;
      moved.set(old, sizes.push(count) - 1);
    }
    if (moved.size === 0) continue;
    for (const atom of members) of[atom] = moved.get(of[atom] ?? 0) ?? of[atom] ?? 0;
  }
  return { of, size: sizes.length };
};

/** The sum of a table of atoms in each class. */
export const sumsIn = ({ of, size }: Classes, table: ArrayLike<number>): Float64Array => {
  const sums = new Float64Array(size);
  for (const [atom, at] of of.entries()) sums[at] = (sums[at] ?? 0) + (table[atom] ?? 0);
  return sums;
};

/** The classes that a set holds whole, and those that it holds at all. */
export type Reach = { readonly inner: Int32Array; readonly outer: Int32Array };

/** Gives the reach of any set. */
export const reachIn = (classes: Classes): ((set: RecordSet) => Reach) => {
  const sizes = sumsIn(classes, new Uint8Array(classes.of.length).fill(1));
  return ({ atoms }) => {
    const inside = new Map<number, number>();
    for (const atom of atoms) {
      const at = classes.of[atom] ?? 0;
      inside.set(at, (inside.get(at) ?? 0) + 1);
    }
    const outer = [...inside.keys()].sort((a, b) => a - b);
    return {
      outer: Int32Array.from(outer),
      inner: Int32Array.from(outer.filter((at) => inside.get(at) === sizes[at])),
    };
  };
};

/** The sum of a table of classes over some of them. */
export const sumAt = (places: Int32Array, table: ArrayLike<number>): number => {
  let sum = 0;
  for (const at of places) sum += table[at] ?? 0;
  return sum;
};
