import { bitsApart } from '@throughline/core';

/*
 * Record-level encodings of two partners, all against all. They have no weights of fields: brothers, sisters and twins
 * are far nearer than chance too, so that what is found here is asked of the owners and never joined.
 */

/** Words of 32 bits in one encoding of 2,048. */
const WORDS = 64;
const BITS = WORDS * 32;

/** Pairs of unrelated records that are expected to be found, over all pairs of two partners, under a normal tail. */
export const EXPECTED_FALSE = 0.01;

/** Bits by which a pair is nearer than any other of either record: two standard deviations of a difference of two random distances. */
export const MARGIN = 64;

/** The standard deviation of the distance of two random texts of 2,048 bits: no sample of ours can have less. */
const LEAST_DEVIATION = Math.sqrt(BITS) / 2;

/** Two encodings, by their places in the lists, and how many of 2,048 bits differ. */
export type AlikePair = { readonly left: number; readonly right: number; readonly distance: number };

/**
 * The pairs that are each other's nearest, by a margin, and nearer than random pairs come. What random pairs are is read
 * from all pairs but those that are nearest to a record; no label is needed.
 *
 * @param left, right encodings one after the other, 64 words each.
 */
export function alikePairs(left: Uint32Array, right: Uint32Array): AlikePair[] {
  const { counts, ofLeft, ofRight } = compareAll(left, right);
  const nearest = [...ofLeft.best.keys()].flatMap((at): AlikePair[] => {
    const place = ofLeft.best[at] ?? 0;
    return ofRight.best[place] === at ? [{ left: at, right: place, distance: ofLeft.least[at] ?? 0 }] : [];
  });
  const most = thresholdOf(randomCounts(counts, [ofLeft, ofRight], nearest));
  return nearest.filter((pair) => {
    const next = Math.min(ofLeft.next[pair.left] ?? BITS, ofRight.next[pair.right] ?? BITS);
    return pair.distance <= most && next - pair.distance >= MARGIN;
  });
}

/** Of each encoding of a side: the nearest one, its distance and that of the next. */
type Nearest = {
  readonly best: Int32Array;
  readonly least: Uint16Array;
  readonly next: Uint16Array;
};

const noneYet = (count: number): Nearest => ({
  best: new Int32Array(count).fill(-1),
  least: new Uint16Array(count).fill(BITS + 1),
  next: new Uint16Array(count).fill(BITS + 1),
});

function compareAll(left: Uint32Array, right: Uint32Array) {
  const [rows, columns] = [encodingsIn(left), encodingsIn(right)];
  const counts = new Float64Array(BITS + 1);
  const [ofLeft, ofRight] = [noneYet(rows.length), noneYet(columns.length)];
  for (const [row, one] of rows.entries()) {
    for (const [column, other] of columns.entries()) {
      const distance = bitsApart(one, other);
      counts[distance] = (counts[distance] ?? 0) + 1;
      note(ofLeft, { at: row, other: column, distance });
      note(ofRight, { at: column, other: row, distance });
    }
  }
  return { counts, ofLeft, ofRight };
}

const encodingsIn = (words: Uint32Array): Uint32Array[] =>
  Array.from({ length: words.length / WORDS }, (_, row) => words.subarray(row * WORDS, (row + 1) * WORDS));

type Compared = { readonly at: number; readonly other: number; readonly distance: number };

function note({ best, least, next }: Nearest, { at, other, distance }: Compared): void {
  const nearest = least[at] ?? 0;
  if (distance < nearest) {
    next[at] = nearest;
    least[at] = distance;
    best[at] = other;
  } else if (distance < (next[at] ?? 0)) next[at] = distance;
}

/** How many pairs have each distance, without the nearest of each record. */
function randomCounts(
  counts: Float64Array,
  sides: readonly Nearest[],
  nearest: readonly AlikePair[],
): Float64Array {
  const left = Float64Array.from(counts);
  const take = (distance: number, pairs: number) => {
    left[distance] = (left[distance] ?? 0) - pairs;
  };
  for (const { least } of sides) for (const distance of least) if (distance <= BITS) take(distance, 1);
  for (const { distance } of nearest) take(distance, -1);
  return left;
}

/** At most this far apart are no more than `EXPECTED_FALSE` of so many random pairs, if their distances are normal. */
function thresholdOf(counts: Float64Array): number {
  let [pairs, sum, squares] = [0, 0, 0];
  for (const [distance, count] of counts.entries()) {
    pairs += count;
    sum += count * distance;
    squares += count * (distance - BITS / 2) ** 2;
  }
  if (pairs === 0) return BITS / 2 - LEAST_DEVIATION * deviationsFor(1);
  const mean = sum / pairs;
  const deviation = Math.sqrt(Math.max(0, squares / pairs - (mean - BITS / 2) ** 2));
  return mean - Math.max(deviation, LEAST_DEVIATION) * deviationsFor(pairs);
}

/** z at which pairs × exp(−z²/2) / (z √2π), an upper bound of the normal tail, comes down to what is expected. */
function deviationsFor(pairs: number): number {
  let z = 1;
  while ((pairs * Math.exp((-z * z) / 2)) / (z * Math.sqrt(2 * Math.PI)) > EXPECTED_FALSE) z += 0.01;
  return z;
}
