import type { Expected } from './expected.js';
import type { Source } from './sources.js';

export type Rates = {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly threshold: number;
  readonly pairs: number;
};

export type Judgement = {
  readonly true_pairs: number;
  /** At the system's own threshold, chosen without labels. */
  readonly own: Rates;
  /**
   * What a night would join without asking owners: pairs at the own threshold and at least .9 probable, of whom something
   * beside names agrees, and the first name too.
   */
  readonly unseen: Rates;
  /** At the threshold that labels would choose; a side figure. */
  readonly best: Rates;
  readonly recall_at_p99: number;
  /** What the model expects at the own threshold; null where no model has decided. */
  readonly expected: Expected | null;
  /** The greater of |expected - true share of false links| among links of probability .9 and .99 at least. */
  readonly calibration_error: number | null;
  /** The same where a pair of persons counts once, however many records its owners know to be theirs. */
  readonly calibration_error_of_persons: number | null;
  /** Share of the true pairs that some pass or rule has brought together. */
  readonly pair_completeness: number;
  readonly candidates_per_record: number;
  /** Links of two persons of one group, such as twins: at the own threshold, and at probability .99. */
  readonly false_links_in_group: number | null;
  readonly false_links_in_group_at_p99: number | null;
  readonly false_links: number;
  readonly ties: number;
};

export type Judged = {
  readonly sources: readonly Source[];
  /** Pairs with their probabilities, the likeliest first; nobody is in two with one other source. */
  readonly chosen: readonly RecordPair[];
  /** What was linked. */
  readonly own: readonly RecordPair[];
  /** Of what was linked, what a night would join without asking owners. */
  readonly unseen: readonly RecordPair[];
  readonly threshold: number;
  readonly expected: Judgement['expected'];
  readonly ties: number;
  readonly candidates: readonly {
    readonly left: number;
    readonly right: number;
    readonly a: Int32Array;
    readonly b: Int32Array;
  }[];
};

export type RecordPair = {
  readonly left: number;
  readonly right: number;
  readonly a: number;
  readonly b: number;
  readonly probability: number;
  /** A number of the pair of persons whose records these are; of a pair without one there is no other. */
  readonly persons?: number;
};

/** Compares links with the truth: over all true pairs of records of different sources, also those no pass proposed. */
export function judge({
  sources,
  chosen,
  own,
  unseen,
  threshold,
  expected,
  ties,
  candidates,
}: Judged): Judgement {
  const right = rightOf(sources);
  const truePairs = countTrue(sources);
  const curve = curveOf(chosen, right, truePairs);
  const sure = chosen.filter(({ probability }) => probability >= 0.99);
  const proposed = candidates.reduce((sum, { a }) => sum + a.length, 0);
  const found = candidates.reduce(
    (sum, { left, right: other, a, b }) =>
      sum +
      a.filter((record, pair) => truthOf(sources, left, record) === truthOf(sources, other, b[pair] ?? 0))
        .length,
    0,
  );
  const records = sources.reduce((sum, { rows }) => sum + rows.length, 0);
  return {
    true_pairs: truePairs,
    own: ratesOf(own.filter(right).length, own.length, { truePairs, threshold }),
    unseen: ratesOf(unseen.filter(right).length, unseen.length, { truePairs, threshold }),
    best: curve.best,
    recall_at_p99: curve.recallAtP99,
    expected,
    calibration_error: expected === null ? null : calibration(chosen, right),
    calibration_error_of_persons:
      expected === null ? null : calibration(chosen, right, pairsOfPersons(chosen)),
    pair_completeness: truePairs === 0 ? 1 : found / truePairs,
    candidates_per_record: proposed / records,
    false_links_in_group: inGroup(own, sources, right),
    false_links_in_group_at_p99: inGroup(sure, sources, right),
    false_links: own.filter((pair) => !right(pair)).length,
    ties,
  };
}

/** Of some links. @param links whose `left` and `right` are places among these sources. */
export const rates = (sources: readonly Source[], links: readonly RecordPair[], threshold: number): Rates =>
  ratesOf(links.filter(rightOf(sources)).length, links.length, { truePairs: countTrue(sources), threshold });

const rightOf =
  (sources: readonly Source[]) =>
  (pair: RecordPair): boolean =>
    truthOf(sources, pair.left, pair.a) === truthOf(sources, pair.right, pair.b);

const truthOf = (sources: readonly Source[], source: number, record: number): string =>
  sources[source]?.truth[record] ?? '';

function countTrue(sources: readonly Source[]): number {
  const counts = new Map<string, number[]>();
  for (const [source, { truth }] of sources.entries()) {
    for (const id of truth) {
      const of = counts.get(id) ?? sources.map(() => 0);
      counts.set(id, of);
      of[source] = (of[source] ?? 0) + 1;
    }
  }
  let pairs = 0;
  for (const of of counts.values()) {
    const all = of.reduce((sum, count) => sum + count, 0);
    pairs += (all * all - of.reduce((sum, count) => sum + count * count, 0)) / 2;
  }
  return pairs;
}

type Of = { readonly truePairs: number; readonly threshold: number };

function ratesOf(correct: number, pairs: number, { truePairs, threshold }: Of): Rates {
  const precision = pairs === 0 ? 1 : correct / pairs;
  const recall = truePairs === 0 ? 1 : correct / truePairs;
  const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  return { precision, recall, f1, threshold, pairs };
}

function curveOf(chosen: readonly RecordPair[], right: (pair: RecordPair) => boolean, truePairs: number) {
  let best = ratesOf(0, 0, { truePairs, threshold: 1 });
  let recallAtP99 = 0;
  let correct = 0;
  for (const [index, pair] of chosen.entries()) {
    correct += Number(right(pair));
    if (chosen[index + 1]?.probability === pair.probability) continue;
    const rates = ratesOf(correct, index + 1, { truePairs, threshold: pair.probability });
    if (rates.f1 > best.f1) best = rates;
    if (rates.precision >= 0.99) recallAtP99 = Math.max(recallAtP99, rates.recall);
  }
  return { best, recallAtP99 };
}

/** Each pair of records by its share of all that its two persons have. */
function pairsOfPersons(chosen: readonly RecordPair[]): (pair: RecordPair) => number {
  const counts = new Map<number, number>();
  for (const { persons } of chosen)
    if (persons !== undefined) counts.set(persons, (counts.get(persons) ?? 0) + 1);
  return ({ persons }) => 1 / (persons === undefined ? 1 : (counts.get(persons) ?? 1));
}

/** The greater of both thresholds. @param weight what a pair counts for. */
function calibration(
  chosen: readonly RecordPair[],
  right: (pair: RecordPair) => boolean,
  weight: (pair: RecordPair) => number = () => 1,
): number {
  const errors = [0.9, 0.99].map((least) => {
    const links = chosen.filter(({ probability }) => probability >= least);
    const sum = (of: (pair: RecordPair) => number) =>
      links.reduce((total, pair) => total + weight(pair) * of(pair), 0);
    const off = sum(({ probability }) => 1 - probability) - sum((pair) => (right(pair) ? 0 : 1));
    return links.length === 0 ? 0 : Math.abs(off) / sum(() => 1);
  });
  return Math.max(...errors);
}

function inGroup(
  links: readonly RecordPair[],
  sources: readonly Source[],
  right: (pair: RecordPair) => boolean,
): number | null {
  if (sources.some(({ group }) => group === undefined)) return null;
  return links.filter(({ left, right: other, a, b, probability }) => {
    const [one, two] = [sources[left]?.group?.[a] ?? '', sources[other]?.group?.[b] ?? ''];
    return one !== '' && one === two && !right({ left, right: other, a, b, probability });
  }).length;
}
