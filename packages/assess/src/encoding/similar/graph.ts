import { type BitRows, diceMatrix } from './bits.js';

/**
 * Two lists of encodings under different keys: the victim's, and the attacker's own of people it knows. They cannot
 * be compared with each other, but who is how much like whom within a list can.
 */
export type TwoLists = {
  readonly victim: BitRows;
  readonly attacker: BitRows;
  /** Pairs known from the start: victim row, attacker row. Empty for an attack that knows nobody. */
  readonly seeds: readonly (readonly [number, number])[];
};

const ROUNDS = 6;
const PROFILE = 80;
/** From how many pairs the first round goes on; which of them carries is seen only by trying. */
const FEWEST_SEEDS = [40, 20, 80, 160];
const MOST_SEEDS = 400;
/** Of the rows, so many are each other's nearest where a matching has come together. */
const SETTLED = 0.8;

/**
 * Graph matching: rows are first matched by the shape of their similarities to all others, then again and again by
 * their similarities to the pairs that are surest so far. Whoever knows nobody tries several beginnings and keeps the one
 * in which most rows are each other's nearest, which can be seen without knowing who is right.
 *
 * @returns the attacker's row for each of the victim's.
 */
export function graphMatch({ victim, attacker, seeds }: TwoLists): Int32Array {
  const [left, right] = [surprise(diceMatrix(victim)), surprise(diceMatrix(attacker))];
  const matrices = { left, right, victim, attacker };
  const start =
    seeds.length > 0
      ? matchBySeeds(matrices, seeds)
      : nearest(profiles(left, victim.rows), profiles(right, attacker.rows));
  let best = { matched: start, mutual: -1 };
  for (const fewest of FEWEST_SEEDS) {
    const matched = settle(matrices, { start, seeds, fewest });
    const mutual = surest(matched, victim.rows).length;
    if (mutual > best.mutual) best = { matched, mutual };
    if (best.mutual >= SETTLED * victim.rows || seeds.length > 0) break;
  }
  return best.matched.best;
}

type Settling = {
  readonly start: Matched;
  readonly seeds: TwoLists['seeds'];
  readonly fewest: number;
};

function settle(matrices: Matrices, { start, seeds, fewest }: Settling): Matched {
  let matched = start;
  for (let round = 0; round < ROUNDS; round += 1) {
    const wanted = Math.round(fewest * (MOST_SEEDS / fewest) ** (round / (ROUNDS - 1)));
    matched = matchBySeeds(matrices, [...seeds, ...surest(matched, wanted)]);
  }
  return matched;
}

/** -ln(1 - q), q the share of similarities of the list that are lower: two keys' scales made one. */
function surprise(similarities: Float32Array): Float32Array {
  const BINS = 65_536;
  const below = new Float64Array(BINS + 1);
  const binOf = (similarity: number): number => Math.min(BINS - 1, Math.floor(similarity * BINS));
  for (const similarity of similarities)
    below[binOf(similarity) + 1] = (below[binOf(similarity) + 1] ?? 0) + 1;
  for (let bin = 0; bin < BINS; bin += 1) below[bin + 1] = (below[bin + 1] ?? 0) + (below[bin] ?? 0);
  const total = similarities.length + 1;
  return similarities.map((similarity) => {
    const bin = binOf(similarity);
    const middle = ((below[bin] ?? 0) + (below[bin + 1] ?? 0)) / 2;
    return -Math.log(1 - middle / total);
  });
}

/** Points, one a row, all of one dimension. */
type Points = { readonly rows: number; readonly dimension: number; readonly at: Float32Array };

/** The similarities of a row to all others at 80 ranks, the highest closest together. */
function profiles(matrix: Float32Array, rows: number): Points {
  const ranks = [
    ...new Set(Array.from({ length: PROFILE }, (_, at) => Math.round((rows - 1) ** (at / (PROFILE - 1))))),
  ];
  const at = new Float32Array(rows * ranks.length);
  for (let row = 0; row < rows; row += 1) {
    const sorted = matrix.slice(row * rows, (row + 1) * rows).sort();
    for (const [place, rank] of ranks.entries())
      at[row * ranks.length + place] = sorted[rows - 1 - rank] ?? 0;
  }
  return standardised({ rows, dimension: ranks.length, at });
}

function standardised({ rows, dimension, at }: Points): Points {
  for (let place = 0; place < dimension; place += 1) {
    let [sum, squares] = [0, 0];
    for (let row = 0; row < rows; row += 1) {
      const value = at[row * dimension + place] ?? 0;
      sum += value;
      squares += value * value;
    }
    const mean = sum / rows;
    const deviation = Math.sqrt(Math.max(1e-12, squares / rows - mean * mean));
    for (let row = 0; row < rows; row += 1) {
      at[row * dimension + place] = ((at[row * dimension + place] ?? 0) - mean) / deviation;
    }
  }
  return { rows, dimension, at };
}

/** The nearest row of the other list, and how much nearer it is than the next: 0 is sure, 1 is not. */
type Matched = { readonly best: Int32Array; readonly doubt: Float32Array; readonly back: Int32Array };

function nearest(left: Points, right: Points): Matched {
  const best = new Int32Array(left.rows);
  const doubt = new Float32Array(left.rows);
  const back = new Int32Array(right.rows).fill(-1);
  const closest = new Float32Array(right.rows).fill(Number.POSITIVE_INFINITY);
  for (let row = 0; row < left.rows; row += 1) {
    let [first, second] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let other = 0; other < right.rows; other += 1) {
      const apart = distance(left, right, row, other);
      if (apart < first) {
        second = first;
        first = apart;
        best[row] = other;
      } else if (apart < second) second = apart;
      if (apart < (closest[other] ?? 0)) {
        closest[other] = apart;
        back[other] = row;
      }
    }
    doubt[row] = second === 0 ? 1 : Math.sqrt(first / second);
  }
  return { best, doubt, back };
}

function distance(left: Points, right: Points, ...[row, other]: [number, number]): number {
  const { dimension } = left;
  const [from, to] = [row * dimension, other * dimension];
  let sum = 0;
  for (let place = 0; place < dimension; place += 1) {
    const apart = (left.at[from + place] ?? 0) - (right.at[to + place] ?? 0);
    sum += apart * apart;
  }
  return sum;
}

function surest({ best, doubt, back }: Matched, wanted: number): [number, number][] {
  const mutual = Array.from(best, (other, row) => [row, other] as [number, number]).filter(
    ([row, other]) => back[other] === row,
  );
  return mutual.sort(([one], [other]) => (doubt[one] ?? 1) - (doubt[other] ?? 1)).slice(0, wanted);
}

type Matrices = Pick<TwoLists, 'victim' | 'attacker'> & {
  readonly left: Float32Array;
  readonly right: Float32Array;
};

function matchBySeeds(
  { left, right, victim, attacker }: Matrices,
  seeds: readonly (readonly [number, number])[],
) {
  const columns = (matrix: Float32Array, rows: number, seedRows: readonly number[]): Points => {
    const at = new Float32Array(rows * seedRows.length);
    for (let row = 0; row < rows; row += 1) {
      for (const [place, seed] of seedRows.entries())
        at[row * seedRows.length + place] = matrix[row * rows + seed] ?? 0;
    }
    return standardised({ rows, dimension: seedRows.length, at });
  };
  return nearest(
    columns(
      left,
      victim.rows,
      seeds.map(([seed]) => seed),
    ),
    columns(
      right,
      attacker.rows,
      seeds.map(([, seed]) => seed),
    ),
  );
}
