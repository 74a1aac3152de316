import type { Grounds } from '@throughline/model';
import type { Clusters } from '../cluster/clusters.js';
import { isJoinedUnseen } from '../decide/unseen.js';
import { apart, numbersHeld, type Said } from './apart.js';

/** A pair of persons of two sources, by the records that met, and what the model makes of it. */
export type WeighedPair = Grounds & {
  readonly a: number;
  readonly b: number;
  readonly weight: number;
  readonly probability: number;
  /** Whether the assignment between their two sources has chosen it. */
  readonly chosen: boolean;
  /** What both owners said when they looked at their own records. */
  readonly review: 'same' | 'others' | undefined;
};

/**
 * What becomes of a pair. `link`: sure enough to join; `possible`: somebody should look; `no`: neither.
 */
export type LinkClass = 'link' | 'possible' | 'no';

/**
 * What became of it.
 * - `together`: tokens had joined them.
 * - `linked`
 * - `refused`: likely, but it contradicts something: two records of a source without duplicates, another number, or
 *   what other pairs of the two persons say.
 * - `possible`, `no`: its class.
 */
export type SealedVerdict = 'together' | 'linked' | 'refused' | 'possible' | 'no';

/** The error that is accepted of a pair that nobody looks at: that it is a link. */
export const MOST_MISSED = 0.1;

type Judging = Pick<WeighedPair, 'probability' | 'chosen' | 'review'> & Grounds;

/**
 * What the owners said counts before everything. Below `threshold` more would be lost by linking than won, however the
 * errors are. Two whose first names have nothing in common are never joined unseen, whatever else agrees: a twin whose
 * twin is absent agrees in all the rest. The same of a first name that one of them lacks, unless a middle name or a number
 * agrees. Nor are two of whom nothing but names agrees, however rare these are: a child and its namesake look the same to
 * any model.
 */
export function classOf({ probability, chosen, review, ...grounds }: Judging, threshold: number): LinkClass {
  if (review !== undefined) return review === 'same' ? 'link' : 'no';
  if (!chosen || probability < MOST_MISSED) return 'no';
  return isJoinedUnseen({ ...grounds, probability }, threshold) ? 'link' : 'possible';
}

export type Joining = {
  readonly clusters: Clusters;
  /** By person as the tokens have joined them: bits of the passes of the numbers that it holds. */
  readonly numbers: ReadonlyMap<number, number>;
  /** Records of which an owner said that they are two children, whether they meet or not. */
  readonly others: readonly Said[];
  readonly threshold: number;
};

/** Pairs that met and said no count against joining; pairs that never met say nothing. */
const MEAN_AGAINST = 0.3;

/**
 * Joins the persons of the pairs that link, the likeliest first. Two of whom an owner said that they are others are
 * joined neither by a pair of other records nor through a third. @param pairs in a total order, the likeliest first.
 */
export function joinSealed(
  pairs: readonly WeighedPair[],
  { clusters, numbers, others, threshold }: Joining,
): SealedVerdict[] {
  const together = pairs.map(({ a, b }) => clusters.personOf(a) === clusters.personOf(b));
  const held = numbersHeld(numbers);
  const said = sayings(pairs, clusters);
  const keptApart = apart(others, clusters);
  return pairs.map((pair, place): SealedVerdict => {
    if (together[place] === true) return 'together';
    const decided = classOf(pair, threshold);
    if (decided !== 'link') return decided;
    const [left, right] = [clusters.personOf(pair.a), clusters.personOf(pair.b)];
    if (left === right) return 'linked';
    if (keptApart(left, right)) return 'refused';
    if (pair.first === 'equal' && held.differ(left, right)) return 'refused';
    const against = pair.review === undefined && said.mean(left, right) < MEAN_AGAINST;
    if (against || !clusters.join(left, right)) return 'refused';
    const person = clusters.personOf(left);
    held.merge(person, left, right);
    said.merge(person, person === left ? right : left);
    return 'linked';
  });
}

/** What all pairs between two persons say, kept as persons are joined. */
function sayings(pairs: readonly WeighedPair[], clusters: Clusters) {
  type Sum = { sum: number; met: number };
  const of = new Map<number, Map<number, Sum>>();
  const add = (one: number, other: number, { sum, met }: Sum): void => {
    const others = of.get(one) ?? new Map<number, Sum>();
    of.set(one, others);
    const before = others.get(other) ?? { sum: 0, met: 0 };
    others.set(other, { sum: before.sum + sum, met: before.met + met });
  };
  for (const { a, b, probability } of pairs) {
    const [one, other] = [clusters.personOf(a), clusters.personOf(b)];
    if (one === other) continue;
    add(one, other, { sum: probability, met: 1 });
    add(other, one, { sum: probability, met: 1 });
  }
  return {
    mean: (one: number, other: number): number => {
      const { sum, met } = of.get(one)?.get(other) ?? { sum: 1, met: 1 };
      return sum / met;
    },
    merge: (into: number, from: number): void => {
      for (const [other, sum] of of.get(from) ?? []) {
        of.get(other)?.delete(from);
        if (other === into) continue;
        add(into, other, sum);
        add(other, into, sum);
      }
      of.delete(from);
      of.get(into)?.delete(from);
    },
  };
}
