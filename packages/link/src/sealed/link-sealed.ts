import type { Session } from '@throughline/engine';
import { type Clusters, personsOf } from '../cluster/clusters.js';
import { type Comparison, comparing } from '../compare/comparisons.js';
import { keepPersons } from '../decide/exact.js';
import { type LinkedSources, linkSources } from '../decide/link-sources.js';
import { nonMatches } from '../estimate/non-matches.js';
import { gatherPatterns } from '../estimate/patterns.js';
import { classOf, joinSealed, type WeighedPair } from './decide.js';
import { expectedOf } from './expected.js';
import { type ExpectedBetween, keepExpected, keepModel, keepPairs, keepPasses } from './keep.js';
import { compareMeetings, type Meetings, makeMeetings } from './meetings.js';
import { ownPairsOf, type PlanDelivery, readCounted } from './own-pairs.js';
import { type Met, metPersons, personsBySource, type SourcePersons } from './persons.js';
import { type Reviewed, type Reviews, readReviews } from './reviews.js';
import { readSealedFiles, type SealedDelivery, type SealedFiles, sealedRecords } from './slots.js';

export type SealedLinking = {
  readonly session: Session;
  readonly slots: readonly SealedDelivery[];
  readonly plans: readonly PlanDelivery[];
  /** The partner of each source. */
  readonly partners: readonly string[];
  readonly clusters: Clusters;
  /** By exact person: bits of the passes of the numbers that it holds. */
  readonly numbers: ReadonlyMap<number, number>;
  readonly reviewed: readonly Reviewed[];
};

/** Runs one named step. */
type Step = <Result>(name: string, work: () => Promise<Result>) => Promise<Result>;

/**
 * Joins persons, as the tokens have made them, by sealed fields: pairs that meet in a pass are compared, weighed by a
 * model that learns from all of them, and joined where they are sure enough and nothing speaks against it. Makes
 * `persons` anew, and tables `sealed_pairs`, `sealed_passes`, `model` and `expected_between`, which are empty where
 * fewer than two partners seal.
 */
export async function linkSealed(linking: SealedLinking, step: Step): Promise<void> {
  const { session, slots, clusters } = linking;
  if (slots.length < 2) return keepNothing(session);
  const files = await readSealedFiles(session, slots);
  await step('sealed meetings', () => makeMeetings(session, files, sealedRecords(files)));
  const meetings = await step('compare', () => compareMeetings(session, files));
  await step('sealed links', async () => {
    const weighed = await weigh(linking, files, meetings);
    const { pairs, threshold } = weighed;
    const numbers = numbersOfPersons(linking);
    const verdicts = joinSealed(pairs, { clusters, numbers, threshold });
    await keepPairs(session, { pairs, verdicts, threshold });
    await keepPasses(session, files.passes);
    await keepModel(session, weighed.model);
    await keepExpected(session, weighed.expected);
    await keepPersons(session, 'persons', personsOf(clusters));
    return verdicts.filter((verdict) => verdict === 'linked').length;
  });
}

async function keepNothing(session: Session): Promise<void> {
  await keepPairs(session, { pairs: [], verdicts: [], threshold: 1 });
  await keepPasses(session, []);
  await keepModel(session, { comparisons: [], m: [], u: [] });
  await keepExpected(session, []);
}

async function weigh(
  { session, plans, partners, clusters, reviewed }: SealedLinking,
  { layout }: SealedFiles,
  meetings: Meetings,
) {
  const { comparisons } = comparing(layout);
  const fields = layout.similar.length + layout.exact.length;
  const counted = await readCounted(session, plans, { comparing: comparing(layout), fields });
  const persons = personsBySource(clusters.sourceOf, partners.length, clusters.personOf);
  const own = partners.map((partner, source) =>
    ownPairsOf(
      counted.find(({ of }) => of === partner),
      persons.counts[source] ?? 0,
    ),
  );
  const met = metPersons(meetings, persons);
  const linked = linkSources({ comparisons, own }, met);
  const reviews = await readReviews(session, reviewed);
  const pairs = weighedPairs({ met, linked, meetings, comparisons, reviews });
  const threshold = linked.expectation.threshold;
  return {
    pairs,
    threshold,
    model: { comparisons, m: linked.estimate.m, u: nonMatches(comparisons, own).strangers },
    expected: expectedBetween(pairs, persons, threshold),
  };
}

type Weighing = {
  readonly met: readonly Met[];
  readonly linked: LinkedSources;
  readonly meetings: Meetings;
  readonly comparisons: readonly Comparison[];
  readonly reviews: Reviews;
};

/** Every pair of persons that met: first those that owners said are one, then the likeliest. */
function weighedPairs({ met, linked, meetings, comparisons, reviews }: Weighing): WeighedPair[] {
  const first = comparisons.findIndex(({ name }) => name === 'first');
  const keyOf = (...places: number[]) => places.join(' ');
  const chosen = new Set(linked.chosen.map(({ left, right, a, b }) => keyOf(left, right, a, b)));
  const pairs = met.flatMap(({ left, right, a, b, levels, meeting }, place) => {
    const { weights, probabilities } = linked.estimate.between[place] ?? NOTHING;
    const patterns = gatherPatterns(levels, levels.length);
    return [...meeting].map(
      (at, pair): WeighedPair => ({
        a: meetings.a[at] ?? 0,
        b: meetings.b[at] ?? 0,
        pass: meetings.pass[at] ?? 0,
        levels: levels[pair] ?? new Uint8Array(),
        weight: weights[patterns.of[pair] ?? 0] ?? 0,
        probability: probabilities[pair] ?? 0,
        chosen: chosen.has(keyOf(left, right, a[pair] ?? 0, b[pair] ?? 0)),
        first: likenessOf(levels[pair]?.[first], comparisons[first]),
        review: reviews.of(meetings.a[at] ?? 0, meetings.b[at] ?? 0),
      }),
    );
  });
  const agreed = ({ review }: WeighedPair) => Number(review === 'same');
  return pairs.sort(
    (one, other) =>
      agreed(other) - agreed(one) ||
      other.probability - one.probability ||
      other.weight - one.weight ||
      one.a - other.a ||
      one.b - other.b,
  );
}

const likenessOf = (level: number | undefined, first: Comparison | undefined): WeighedPair['first'] => {
  if (level === 0) return 'equal';
  return level === (first?.levels.length ?? 0) - 1 ? 'differs' : 'alike';
};

const NOTHING = { weights: new Float64Array(), probabilities: new Float64Array() };

function expectedBetween(
  pairs: readonly WeighedPair[],
  { sourceOf }: SourcePersons,
  threshold: number,
): ExpectedBetween[] {
  const between = new Map<string, { left: number; right: number; all: number[]; linked: number[] }>();
  for (const pair of pairs) {
    const [one, other] = [sourceOf[pair.a] ?? 0, sourceOf[pair.b] ?? 0];
    const [left, right] = [Math.min(one, other), Math.max(one, other)];
    const known = between.get(`${left} ${right}`) ?? { left, right, all: [], linked: [] };
    between.set(`${left} ${right}`, known);
    known.all.push(pair.probability);
    if (classOf(pair, threshold) === 'link') known.linked.push(pair.probability);
  }
  return [...between.values()]
    .toSorted((one, other) => one.left - other.left || one.right - other.right)
    .map(({ left, right, all, linked }) => ({ left, right, ...expectedOf(all, linked) }));
}

function numbersOfPersons({ clusters, numbers }: SealedLinking): Map<number, number> {
  const held = new Map<number, number>();
  for (const [record, bits] of numbers) {
    const person = clusters.personOf(record);
    held.set(person, (held.get(person) ?? 0) | bits);
  }
  return held;
}
