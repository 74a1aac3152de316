import {
  type Between,
  type Candidates,
  type Comparison,
  type Estimate,
  estimateMatches,
  type Grounds,
  gatherPatterns,
  groundsOf,
  type Link,
  nonMatches,
  type OwnPairs,
  type PerLevel,
  personsOfAll,
} from '@throughline/model';
import { type HealthFinding, healthOf } from '../estimate/health.js';
import { type FixedModel, type Parameters, parametersOf } from '../estimate/parameters.js';
import { type Assignment, assign } from './assign.js';
import { bestThreshold, type Expectation, expectedAt } from './threshold.js';
import { isJoinedUnseen } from './unseen.js';

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
export type ChosenPair = Grounds & {
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
  /** P(level | two who have nothing to do with each other), of all sources together. */
  readonly strangers: PerLevel;
  /** The whole model, to be fixed and used again. */
  readonly parameters: Parameters;
  /** All chosen pairs, also unlikely ones, the likeliest first. */
  readonly chosen: readonly ChosenPair[];
  readonly expectation: Expectation;
  readonly ties: number;
  readonly entangled: number;
  /**
   * By source and person: the person of all sources, at the threshold of the expectation, or as a night joins them without
   * asking their owners.
   */
  readonly personsOf: (by: 'threshold' | 'unseen') => readonly Int32Array[];
};

type Sources = {
  readonly comparisons: readonly Comparison[];
  readonly names: readonly string[];
  /** By source: what its owner counted among its own persons. */
  readonly own: readonly OwnPairs[];
  /** A model that was learned and signed elsewhere; without it, one is learned. */
  readonly fixed?: FixedModel | undefined;
  /** False where a source may still have somebody twice: then a person may have several partners in another. */
  readonly oneToOne?: boolean;
};

/** A pair less likely than this is not even a last resort. */
export const LEAST = 1e-3;

/**
 * Links the persons of two or more sources: estimates how persons agree, decides every pair, under one-to-one where
 * each source is free of duplicates, and joins what the sources say of each other.
 */
export function linkSources(
  { comparisons, names, own, fixed, oneToOne = true }: Sources,
  met: readonly MetPersons[],
): LinkedSources {
  const candidates = met.map((pairs) => candidatesOf(comparisons, { own, fixed, oneToOne }, pairs));
  const learning = fixed === undefined ? 'learned' : { fixed: fixed.m };
  const estimate = estimateMatches(comparisons, candidates, learning);
  let [ties, entangled] = [0, 0];
  const chosen = met.flatMap((pairs, place) => {
    const between = estimate.between[place];
    const probabilities = between?.probabilities ?? new Float64Array();
    const worth = probabilities.map(worthOf);
    const assignment = oneToOne ? assign(pairs, worth) : everyPair(worth);
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
        ...groundsOf(comparisons, pairs.levels[pair]),
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
  const probabilities = Float64Array.from(chosen, ({ probability }) => probability);
  const expectation =
    fixed === undefined
      ? bestThreshold(probabilities, matches)
      : expectedAt(fixed.threshold, probabilities, matches);
  const others = fixed?.others ?? nonMatches(comparisons, own);
  return {
    estimate,
    health: healthOf(comparisons, candidates, { ...estimate, given: fixed !== undefined }),
    strangers: others.strangers,
    parameters: parametersOf({
      comparisons,
      sources: names,
      estimate,
      others,
      threshold: expectation.threshold,
      given: fixed?.share,
      between: met.map(({ left, right }, place) => ({ left, right, sides: sidesOf(candidates[place]) })),
    }),
    chosen,
    expectation,
    ties,
    entangled,
    personsOf: (by) => {
      const { threshold } = expectation;
      const below = Math.max(0, threshold - 1e-9);
      const unseen = (probability: number, levels: Uint8Array | undefined) =>
        isJoinedUnseen({ ...groundsOf(comparisons, levels), probability }, threshold)
          ? probability
          : Math.min(probability, below);
      return personsAmong({ own, met, estimate }, threshold, by === 'unseen' ? unseen : (each) => each);
    },
  };
}

const sidesOf = (candidates: Candidates | undefined): Candidates['sides'] =>
  candidates?.sides ?? { a: 0, b: 0 };

function candidatesOf(
  comparisons: readonly Comparison[],
  sources: Pick<Sources, 'own' | 'fixed' | 'oneToOne'>,
  { a, b, levels, ...places }: MetPersons,
): Candidates {
  const between = betweenOf(comparisons, sources, places);
  return { ...between, a, b, patterns: gatherPatterns(levels, levels.length) };
}

/** What is known of two sources before anybody meets. */
export function betweenOf(
  comparisons: readonly Comparison[],
  { own, fixed, oneToOne = true }: Pick<Sources, 'own' | 'fixed' | 'oneToOne'>,
  { left, right }: Pick<MetPersons, 'left' | 'right'>,
): Between & { readonly matches: number | undefined } {
  const sides = { a: own[left]?.persons ?? 0, b: own[right]?.persons ?? 0 };
  const share = fixed?.share(left, right);
  const both = own.filter((_, source) => source === left || source === right);
  return {
    sides,
    oneToOne,
    matches: share === undefined ? undefined : share * Math.min(sides.a, sides.b),
    others: fixed?.others ?? nonMatches(comparisons, both),
  };
}

/** Every pair that is worth anything, whoever else is in it. */
const everyPair = (worth: Float64Array): Assignment => ({
  chosen: Int32Array.from(worth.keys()).filter((pair) => (worth[pair] ?? 0) > 0),
  ties: 0,
  entangled: 0,
});

/** log2 of the odds, above those of LEAST, so that every pair above it adds to an assignment. */
export const worthOf = (probability: number): number => {
  const odds = Math.min(probability, 1 - 1e-12) / (1 - Math.min(probability, 1 - 1e-12));
  return probability < LEAST ? 0 : Math.log2(odds) - Math.log2(LEAST / 2);
};

type Joining = Pick<Sources, 'own'> & { readonly met: readonly MetPersons[]; readonly estimate: Estimate };

/** @param counted what the probability of a pair counts as, by its levels. */
function personsAmong(
  { own, met, estimate }: Joining,
  threshold: number,
  counted: (probability: number, levels: Uint8Array | undefined) => number,
): Int32Array[] {
  const starts: number[] = [];
  for (const { persons } of own) starts.push((starts.at(-1) ?? 0) + persons);
  const start = (source: number) => (source === 0 ? 0 : (starts[source - 1] ?? 0));
  const sourceOf = new Int32Array(starts.at(-1) ?? 0);
  for (const source of own.keys()) sourceOf.fill(source, start(source), starts[source]);
  const links = met.flatMap(({ left, right, a, b, levels }, place) =>
    [...(estimate.between[place]?.probabilities ?? [])].map(
      (probability, pair): Link => ({
        one: start(left) + (a[pair] ?? 0),
        other: start(right) + (b[pair] ?? 0),
        probability: counted(probability, levels[pair]),
      }),
    ),
  );
  const personOf = personsOfAll(sourceOf, links, threshold);
  return own.map((_, source) => personOf.slice(start(source), starts[source]));
}
