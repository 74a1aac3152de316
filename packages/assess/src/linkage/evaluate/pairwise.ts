import { type LinkedSources, linkSources } from '@throughline/link';
import { chosenRecords } from './record-pairs.js';
import { type Rates, type RecordPair, rates } from './score.js';
import type { Source } from './sources.js';

/** What deciding each two sources by themselves comes to: means over the pairs of sources. */
export type Pairwise = Pick<Rates, 'precision' | 'recall' | 'f1'> & { readonly source_pairs: number };

export type All = Parameters<typeof linkSources>;

/** Links of two sources as if there were no other, each two at a threshold of their own. */
export type TwoSources = {
  readonly left: number;
  readonly right: number;
  readonly linked: readonly RecordPair[];
  readonly threshold: number;
};

/** @param persons of each source, the local person of each record. */
export function linkEachTwo([sources, met]: All, persons: readonly (readonly number[])[]): TwoSources[] {
  const { names, own } = sources;
  return met.map((pairs) => {
    const { left, right } = pairs;
    const both = <Value>(of: readonly Value[]): Value[] =>
      [left, right].flatMap((at) => of.slice(at, at + 1));
    const two: LinkedSources = linkSources({ ...sources, names: both(names), own: both(own) }, [
      { ...pairs, left: 0, right: 1 },
    ]);
    const { threshold } = two.expectation;
    const linked = chosenRecords(two, both(persons)).filter(({ probability }) => probability >= threshold);
    return { left, right, linked, threshold };
  });
}

/** Beside `own`, which joins what all sources say of each other. */
export function pairwiseOf(sources: readonly Source[], decided: readonly TwoSources[]): Pairwise {
  const each = decided.map(({ left, right, linked, threshold }) =>
    rates(
      [left, right].flatMap((at) => sources.slice(at, at + 1)),
      linked,
      threshold,
    ),
  );
  const mean = (of: 'precision' | 'recall' | 'f1') =>
    each.reduce((sum, rate) => sum + rate[of], 0) / Math.max(1, each.length);
  return {
    precision: mean('precision'),
    recall: mean('recall'),
    f1: mean('f1'),
    source_pairs: each.length,
  };
}
