import { heightOf } from './hierarchies.js';
import { type Demand, type Encoded, failingAt, generalisationLoss, type Levels, rowsOf } from './rows.js';

export type Found = {
  readonly levels: Levels;
  /** Mean over all cells; a cell of a row that fails counts as lost whole. */
  readonly loss: number;
  /** Kinds of rows that do not meet the demand at these levels, and how many rows they are. */
  readonly failing: readonly number[];
  readonly failingRows: number;
};

/** More generalisations than this are not searched. */
export const MOST_NODES = 200_000;

const product = (heights: readonly number[]): readonly Levels[] =>
  heights.reduce<readonly Levels[]>(
    (sofar, height) =>
      sofar.flatMap((levels) => Array.from({ length: height + 1 }, (_, level) => [...levels, level])),
    [[]],
  );

const isBelow = (lower: Levels, upper: Levels): boolean =>
  lower.every((level, at) => level <= (upper[at] ?? 0));

/** Steps up from a node to the top, each to the successor that loses least. */
function pathFrom(node: Levels, heights: readonly number[], lossOf: (levels: Levels) => number): Levels[] {
  const path = [node];
  for (let last = node; ; ) {
    const next = last
      .flatMap((level, at) => (level < (heights[at] ?? 0) ? [last.with(at, level + 1)] : []))
      .toSorted((a, b) => lossOf(a) - lossOf(b))[0];
    if (next === undefined) return path;
    path.push(next);
    last = next;
  }
}

/**
 * The full-domain generalisation with the smallest loss among all at which no more than a share of the rows fails the
 * demand. Exact: nodes are visited by the loss of generalising alone, which no node can fall below, until the next one
 * cannot win any more. What fails fails at every finer level, and is found along paths to the top by halving (Kohlmayer
 * et al., Flash, 2012; El Emam et al., OLA, 2009).
 *
 * @returns null if even the coarsest levels fail.
 * @throws RangeError if there are more generalisations than can be searched.
 */
export function smallestLoss(encoded: Encoded, demand: Demand, mostFailing: number): Found | null {
  const heights = encoded.columns.map(heightOf);
  const nodes = heights.reduce((size, height) => size * (height + 1), 1);
  if (nodes > MOST_NODES) throw new RangeError(`at most ${MOST_NODES} generalisations can be searched`);
  const losses = new Map<string, number>();
  const lossOf = (levels: Levels): number => {
    const key = levels.join();
    const known = losses.get(key) ?? generalisationLoss(encoded, levels);
    losses.set(key, known);
    return known;
  };
  const evaluated = new Map<string, Found | null>();
  const tooFine: Levels[] = [];
  const evaluate = (levels: Levels): Found | null => {
    const key = levels.join();
    const known = evaluated.get(key);
    if (known !== undefined) return known;
    const found = foundAt(encoded, levels, { demand, mostFailing });
    evaluated.set(key, found);
    if (found === null) tooFine.push(levels);
    return found;
  };
  let best: Found | null = null;
  for (const node of product(heights).toSorted((a, b) => lossOf(a) - lossOf(b))) {
    if (best !== null && lossOf(node) >= best.loss) break;
    if (tooFine.some((failed) => isBelow(node, failed))) continue;
    const found = evaluate(node);
    if (found === null) halve(pathFrom(node, heights, lossOf), evaluate);
    else if (best === null || found.loss < best.loss) best = found;
  }
  return best;
}

/** Finds where along a path the demand begins to be met. */
function halve(path: readonly Levels[], evaluate: (levels: Levels) => Found | null): void {
  let [low, high] = [0, path.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (evaluate(path[middle] ?? []) === null) low = middle;
    else high = middle - 1;
  }
}

type Asked = { readonly demand: Demand; readonly mostFailing: number };

function foundAt(encoded: Encoded, levels: Levels, { demand, mostFailing }: Asked): Found | null {
  const failing = failingAt(encoded, levels, demand);
  const failingRows = rowsOf(encoded, failing);
  if (failingRows > mostFailing * encoded.rows) return null;
  const { kinds, losses, columns, rows } = encoded;
  const lost = new Set(failing);
  let sum = 0;
  for (const [at, { codes, count }] of kinds.entries())
    for (const [column, code] of codes.entries())
      sum += count * (lost.has(at) ? 1 : (losses[column]?.[levels[column] ?? 0]?.[code] ?? 0));
  return { levels, loss: rows === 0 ? 0 : sum / (rows * columns.length), failing, failingRows };
}
