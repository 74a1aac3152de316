import { type Link, personsOfAll } from '../cluster/persons-of-all.js';
import type { Comparison } from '../compare/comparisons.js';
import { type Estimate, estimateMatches } from '../estimate/expectation-maximisation.js';
import { type HealthFinding, healthOf } from '../estimate/health.js';
import { nonMatches, type OwnPairs } from '../estimate/non-matches.js';
import { gatherPatterns, type PerLevel } from '../estimate/patterns.js';
import { assign } from './assign.js';
import { bestThreshold, type Expectation } from './threshold.js';

/** Persons of two sources that some pass has brought together, and how they compare. */
export type MetPersons = {
  /** Places of the sources. */
  readonly left: number;
  readonly right: number;
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly levels: readonly Uint8Array[];
};

/** A pair that the assignment has chosen: no person of a source is in two with the same other source. */
export type ChosenPair = {
  readonly left: number;
  readonly right: number;
  readonly a: number;
  readonly b: number;
  readonly weight: number;
  readonly probability: number;
};

export type LinkedSources = {
  readonly estimate: Estimate;
  /** What is doubtful about the estimate. */
  readonly health: readonly HealthFinding[];
  /** All chosen pairs, also unlikely ones, the likeliest first. */
  readonly chosen: readonly ChosenPair[];
  readonly expectation: Expectation;
  readonly ties: number;
  readonly entangled: number;
  /** By source and person: the person of all sources, at the threshold of the expectation. */
  readonly personOf: readonly Int32Array[];
};

type Sources = {
  /** An m that is fixed, for a model that was learned and signed elsewhere. */
  readonly m?: PerLevel;
  readonly comparisons: readonly Comparison[];
  /** By source: what its owner counted among its own persons. */
  readonly own: readonly OwnPairs[];
};

/** A pair less likely than this is not even a last resort. */
const LEAST = 1e-3;

/**
 * Links the persons of two or more sources, each free of duplicates: estimates how persons agree, decides every pair
 * under one-to-one, and joins what the sources say of each other.
 */
export function linkSources({ comparisons, own, m }: Sources, met: readonly MetPersons[]): LinkedSources {
  const candidates = met.map(({ left, right, a, b, levels }) => ({
    a,
    b,
    oneToOne: true,
    sides: { a: own[left]?.persons ?? 0, b: own[right]?.persons ?? 0 },
    patterns: gatherPatterns(levels, levels.length),
    others: nonMatches(
      comparisons,
      own.filter((_, source) => source === left || source === right),
    ),
  }));
  const estimate = estimateMatches(comparisons, candidates, m === undefined ? 'learned' : { fixed: m });
  let [ties, entangled] = [0, 0];
  const chosen = met.flatMap((pairs, place) => {
    const between = estimate.between[place];
    const probabilities = between?.probabilities ?? new Float64Array();
    const assignment = assign(pairs, probabilities.map(worthOf));
    ties += assignment.ties;
    entangled += assignment.entangled;
    return [...assignment.chosen].map(
      (pair): ChosenPair => ({
        left: pairs.left,
        right: pairs.right,
        a: pairs.a[pair] ?? 0,
        b: pairs.b[pair] ?? 0,
        weight: between?.weights[candidates[place]?.patterns.of[pair] ?? 0] ?? 0,
        probability: probabilities[pair] ?? 0,
      }),
    );
  });
  chosen.sort(
    (x, y) =>
      y.probability - x.probability ||
      y.weight - x.weight ||
      x.left - y.left ||
      x.right - y.right ||
      x.a - y.a ||
      x.b - y.b,
  );
  const matches = estimate.between.reduce((sum, between) => sum + between.matches, 0);
  const expectation = bestThreshold(
    Float64Array.from(chosen, ({ probability }) => probability),
    matches,
  );
  return {
    estimate,
    health: healthOf(comparisons, candidates, estimate),
    chosen,
    expectation,
    ties,
    entangled,
    personOf: personsAmong(own, met, estimate, expectation.threshold),
  };
}

/** log2 of the odds, above those of LEAST, so that every pair above it adds to an assignment. */
const worthOf = (probability: number): number => {
  const odds = Math.min(probability, 1 - 1e-12) / (1 - Math.min(probability, 1 - 1e-12));
  return probability < LEAST ? 0 : Math.log2(odds) - Math.log2(LEAST / 2);
};

function personsAmong(
  own: readonly OwnPairs[],
  met: readonly MetPersons[],
  estimate: Estimate,
  threshold: number,
): Int32Array[] {
  const starts: number[] = [];
  for (const { persons } of own) starts.push((starts.at(-1) ?? 0) + persons);
  const start = (source: number) => (source === 0 ? 0 : (starts[source - 1] ?? 0));
  const sourceOf = new Int32Array(starts.at(-1) ?? 0);
  for (const source of own.keys()) sourceOf.fill(source, start(source), starts[source]);
  const links = met.flatMap(({ left, right, a, b }, place) =>
    [...(estimate.between[place]?.probabilities ?? [])].map(
      (probability, pair): Link => ({
        one: start(left) + (a[pair] ?? 0),
        other: start(right) + (b[pair] ?? 0),
        probability,
      }),
    ),
  );
  const personOf = personsOfAll(sourceOf, links, threshold);
  return own.map((_, source) => personOf.slice(start(source), starts[source]));
}
