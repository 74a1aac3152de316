import type { Pairs } from '@throughline/model';

export type Assignment = {
  /** Places of the pairs chosen, in ascending order; no person is in two. */
  readonly chosen: Int32Array;
  /** Persons for whom another choice would have been as good. */
  readonly ties: number;
  /** Groups of persons too entangled to be solved exactly; in them the best pair goes first. */
  readonly entangled: number;
};

/** Solving takes the cube of a group's size; no person resembles so many others by chance. */
const LARGEST_GROUP = 250;
const AS_GOOD = 1e-9;

/**
 * The choice of pairs, at most one a person, with the greatest sum of weights; pairs of weight 0 or less are left
 * out. Each group of persons that pairs connect is solved on its own by the Hungarian method (Kuhn 1955, in the form
 * of Jonker and Volgenant 1987 without its heuristics).
 */
export function assign({ a, b }: Pairs, weights: Float64Array): Assignment {
  const chosen: number[] = [];
  let entangled = 0;
  for (const group of groupsOf({ a, b }, weights)) {
    if (group.length === 1) chosen.push(group[0] ?? 0);
    else {
      const matrix = matrixOf(group, { a, b }, weights);
      const exact = Math.max(matrix.rows, matrix.columns) <= LARGEST_GROUP;
      entangled += Number(!exact);
      for (const pair of exact ? solved(matrix) : greedy(group, { a, b }, weights)) chosen.push(pair);
    }
  }
  return {
    chosen: Int32Array.from(chosen.sort((one, other) => one - other)),
    ties: tiesOf({ a, b }, weights, chosen),
    entangled,
  };
}

/** Places of pairs of positive weight, by connected group, in ascending order. */
export function groupsOf({ a, b }: Pairs, weights: Float64Array): number[][] {
  const ofA = new Map<number, number[]>();
  const ofB = new Map<number, number[]>();
  const positive = [...weights.keys()].filter((pair) => (weights[pair] ?? 0) > 0);
  for (const pair of positive) {
    push(ofA, a[pair] ?? 0, pair);
    push(ofB, b[pair] ?? 0, pair);
  }
  const seen = new Set<number>();
  return positive.flatMap((start) => {
    if (seen.has(start)) return [];
    const group: number[] = [];
    const waiting = [start];
    seen.add(start);
    for (let pair = waiting.pop(); pair !== undefined; pair = waiting.pop()) {
      group.push(pair);
      for (const next of [...(ofA.get(a[pair] ?? 0) ?? []), ...(ofB.get(b[pair] ?? 0) ?? [])]) {
        if (seen.has(next)) continue;
        seen.add(next);
        waiting.push(next);
      }
    }
    return [group.sort((one, other) => one - other)];
  });
}

function push(map: Map<number, number[]>, key: number, pair: number): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [pair]);
  else known.push(pair);
}

/** Costs of a group, rows no more than columns; the place of the pair of each cell, or none. */
type Matrix = {
  readonly rows: number;
  readonly columns: number;
  readonly cost: (row: number, column: number) => number;
  readonly pair: (row: number, column: number) => number | undefined;
};

function matrixOf(group: readonly number[], { a, b }: Pairs, weights: Float64Array): Matrix {
  const ofA = numbered(group.map((pair) => a[pair] ?? 0));
  const ofB = numbered(group.map((pair) => b[pair] ?? 0));
  const [rowOf, columnOf, rows, columns] =
    ofA.size <= ofB.size
      ? ([
          (pair: number) => ofA.get(a[pair] ?? 0) ?? 0,
          (pair: number) => ofB.get(b[pair] ?? 0) ?? 0,
          ofA.size,
          ofB.size,
        ] as const)
      : ([
          (pair: number) => ofB.get(b[pair] ?? 0) ?? 0,
          (pair: number) => ofA.get(a[pair] ?? 0) ?? 0,
          ofB.size,
          ofA.size,
        ] as const);
  const pairs = new Map(group.map((pair) => [rowOf(pair) * columns + columnOf(pair), pair]));
  const pairOf = (row: number, column: number) => pairs.get(row * columns + column);
  return {
    rows,
    columns,
    pair: pairOf,
    cost: (row, column) => {
      const pair = pairOf(row, column);
      return pair === undefined ? 0 : -(weights[pair] ?? 0);
    },
  };
}

const numbered = (values: readonly number[]): Map<number, number> =>
  new Map([...new Set(values)].sort((one, other) => one - other).map((value, index) => [value, index]));

/** Shortest augmenting paths with potentials, one row after the other; columns and rows from 1, 0 is none. */
function solved({ rows, columns, cost, pair }: Matrix): number[] {
  const rowPotential = new Float64Array(rows + 1);
  const columnPotential = new Float64Array(columns + 1);
  const rowOf = new Int32Array(columns + 1);
  const before = new Int32Array(columns + 1);
  for (let row = 1; row <= rows; row += 1) {
    rowOf[0] = row;
    let column = 0;
    const slack = new Float64Array(columns + 1).fill(Number.POSITIVE_INFINITY);
    const used = new Uint8Array(columns + 1);
    do {
      used[column] = 1;
      const current = rowOf[column] ?? 0;
      let least = Number.POSITIVE_INFINITY;
      let nearest = 0;
      for (let next = 1; next <= columns; next += 1) {
        if (used[next] === 1) continue;
        const reduced =
          cost(current - 1, next - 1) - (rowPotential[current] ?? 0) - (columnPotential[next] ?? 0);
        if (reduced < (slack[next] ?? 0)) {
          slack[next] = reduced;
          before[next] = column;
        }
        if ((slack[next] ?? 0) < least) {
          least = slack[next] ?? 0;
          nearest = next;
        }
      }
      for (let each = 0; each <= columns; each += 1) {
        if (used[each] === 1) {
          const of = rowOf[each] ?? 0;
          rowPotential[of] = (rowPotential[of] ?? 0) + least;
          columnPotential[each] = (columnPotential[each] ?? 0) - least;
        } else slack[each] = (slack[each] ?? 0) - least;
      }
      column = nearest;
    } while ((rowOf[column] ?? 0) !== 0);
    for (; column !== 0; column = before[column] ?? 0) rowOf[column] = rowOf[before[column] ?? 0] ?? 0;
  }
  return [...rowOf.keys()].flatMap((column) => {
    const row = rowOf[column] ?? 0;
    const found = column === 0 || row === 0 ? undefined : pair(row - 1, column - 1);
    return found === undefined ? [] : [found];
  });
}

function greedy(group: readonly number[], { a, b }: Pairs, weights: Float64Array): number[] {
  const takenA = new Set<number>();
  const takenB = new Set<number>();
  return group
    .toSorted((one, other) => (weights[other] ?? 0) - (weights[one] ?? 0) || one - other)
    .filter((pair) => {
      const [x, y] = [a[pair] ?? 0, b[pair] ?? 0];
      if (takenA.has(x) || takenB.has(y)) return false;
      takenA.add(x);
      takenB.add(y);
      return true;
    });
}

/** Chosen pairs one of whose persons has another pair of the same weight. */
function tiesOf({ a, b }: Pairs, weights: Float64Array, chosen: readonly number[]): number {
  const ofA = new Map(chosen.map((pair) => [a[pair] ?? 0, pair]));
  const ofB = new Map(chosen.map((pair) => [b[pair] ?? 0, pair]));
  const tied = new Set<number>();
  for (const [pair, weight] of weights.entries()) {
    for (const rival of [ofA.get(a[pair] ?? 0), ofB.get(b[pair] ?? 0)]) {
      if (rival === undefined || rival === pair) continue;
      if (Math.abs((weights[rival] ?? 0) - weight) < AS_GOOD) tied.add(rival);
    }
  }
  return tied.size;
}
