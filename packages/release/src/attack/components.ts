import type { Row, System } from './system.js';

/** Unknowns tied to one another by equations, in order, and the equations that tie them. */
export type Component = { readonly unknowns: readonly number[]; readonly rows: readonly Row[] };

const rootOf = (parents: Map<number, number>, unknown: number): number => {
  let root = unknown;
  for (let up = parents.get(root); up !== undefined; up = parents.get(root)) root = up;
  return root;
};

/** The lowest position is the root, so that the outcome does not depend on the order of the equations. */
const join = (parents: Map<number, number>, a: number, b: number): void => {
  const [low, high] = [rootOf(parents, a), rootOf(parents, b)].sort((x, y) => x - y);
  if (low !== undefined && high !== undefined && low !== high) parents.set(high, low);
};

/**
 * Splits a system into parts that say nothing about one another. An unknown in no equation is a part of its own
 * unless it is already known.
 */
export const componentsOf = (system: System, known: ReadonlyMap<number, number>): readonly Component[] => {
  const parents = new Map<number, number>();
  for (const { terms } of system.rows) {
    const [first] = terms;
    for (const [at] of terms) if (first !== undefined) join(parents, first[0], at);
  }
  const parts = new Map<number, { unknowns: number[]; rows: Row[] }>();
  for (const at of system.unknowns.keys()) {
    if (known.has(at)) continue;
    const root = rootOf(parents, at);
    const part = parts.get(root) ?? { unknowns: [], rows: [] };
    part.unknowns.push(at);
    parts.set(root, part);
  }
  for (const row of system.rows) {
    const [first] = row.terms;
    if (first !== undefined) parts.get(rootOf(parents, first[0]))?.rows.push(row);
  }
  return [...parts.values()];
};
