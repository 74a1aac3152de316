import { safeName, ThroughlineError } from '@throughline/core';
import type { Session } from '@throughline/engine';
import { type Clusters, personsOf } from '../cluster/clusters.js';
import { type Comparison, comparing } from '../compare/comparisons.js';
import { keepPersons } from '../decide/exact.js';
import { likenessOf } from '../decide/first-name.js';
import { type LinkedSources, linkSources } from '../decide/link-sources.js';
import type { HealthFinding } from '../estimate/health.js';
import { fixedModel, type Parameters } from '../estimate/parameters.js';
import { gatherPatterns } from '../estimate/patterns.js';
import { classOf, joinSealed, type WeighedPair } from './decide.js';
import { expectedOf } from './expected.js';
import { type ExpectedBetween, keepExpected, keepHealth, keepModel, keepPairs } from './keep.js';
import { compareMeetings, type Meetings, makeMeetings } from './meetings.js';
import { ownPairsOf, type PlanDelivery, readCounted } from './own-pairs.js';
import { type Doubt, keepPasses, noPasses } from './pass-yield.js';
import { type Met, metPersons, personsBySource, type SourcePersons } from './persons.js';
import { type Reviewed, type Reviews, readReviews } from './reviews.js';
import { readSealedFiles, type SealedDelivery, type SealedFiles, sealedRecords } from './slots.js';

export type SealedLinking = {
  readonly session: Session;
  readonly slots: readonly SealedDelivery[];
  readonly plans: readonly PlanDelivery[];
  /** Partner and name of each source. */
  readonly sources: readonly SourceName[];
  readonly clusters: Clusters;
  /** By exact person: bits of the passes of the numbers that it holds. */
  readonly numbers: ReadonlyMap<number, number>;
  readonly reviewed: readonly Reviewed[];
  /** The parameters that the memorandum fixes; without them, a model is learned. */
  readonly parameters: Parameters | undefined;
};

export type SourceName = { readonly partner: string; readonly name: string };

/** What has decided, to be fixed and used again, and what is doubtful about it. */
export type SealedLinked = {
  readonly parameters: Parameters | undefined;
  readonly doubts: readonly Doubt[];
};

/** Runs one named step. */
type Step = <Result>(name: string, work: () => Promise<Result>) => Promise<Result>;

/**
 * Joins persons, as the tokens have made them, by sealed fields: pairs that meet in a pass are compared, weighed by a
 * model that learns from all of them, and joined where they are sure enough and nothing speaks against it. Makes
 * `persons` anew, and tables `sealed_pairs`, `sealed_passes`, `model`, `health` and `expected_between`, which are
 * empty where fewer than two partners seal.
 *
 * @throws ThroughlineError LINKAGE_UNSOUND where what the model says of itself rules it out.
 */
export async function linkSealed(linking: SealedLinking, step: Step): Promise<SealedLinked> {
  const { session, slots, clusters } = linking;
  if (slots.length < 2) return keepNothing(session);
  const files = await readSealedFiles(session, slots);
  await makeMeetings(session, { files, records: sealedRecords(files) }, step);
  const meetings = await step('compare', () => compareMeetings(session, files));
  const weighed = await step('weigh', () => weigh(linking, files, meetings));
  requireSound(weighed.linked.health);
  const { pairs, threshold, comparisons, linked } = weighed;
  let doubts: readonly Doubt[] = [];
  await step('sealed links', async () => {
    const numbers = numbersOfPersons(linking);
    const verdicts = joinSealed(pairs, { clusters, numbers, threshold });
    await keepPairs(session, { pairs, verdicts, threshold });
    const ofPasses = await keepPasses(session, files.passes, comparisons);
    doubts = [...linked.health.map((finding) => ({ ...finding, pass: null })), ...ofPasses];
    await keepModel(session, { comparisons, ...weighed.model });
    await keepHealth(session, doubts);
    await keepExpected(session, weighed.expected);
    await keepPersons(session, 'persons', personsOf(clusters));
    return verdicts.filter((verdict) => verdict === 'linked').length;
  });
  return { parameters: linked.parameters, doubts };
}

async function keepNothing(session: Session): Promise<SealedLinked> {
  await keepPairs(session, { pairs: [], verdicts: [], threshold: 1 });
  await session.make('sealed passes', 'sealed_passes', noPasses());
  await keepModel(session, { comparisons: [], m: [], u: [] });
  await keepHealth(session, []);
  await keepExpected(session, []);
  return { parameters: undefined, doubts: [] };
}

/** @throws ThroughlineError LINKAGE_UNSOUND with the finding and its share. */
function requireSound(health: readonly HealthFinding[]): void {
  const found = health.find(({ severity }) => severity === 'stop');
  if (found === undefined) return;
  throw new ThroughlineError('LINKAGE_UNSOUND', { finding: safeName(found.finding), share: found.value });
}

async function weigh(linking: SealedLinking, { layout }: SealedFiles, meetings: Meetings) {
  const { session, plans, sources, clusters, reviewed, parameters } = linking;
  const { comparisons } = comparing(layout);
  const fields = layout.similar.length + layout.exact.length;
  const counted = await readCounted(session, plans, { comparing: comparing(layout), fields });
  const persons = personsBySource(clusters.sourceOf, sources.length, clusters.personOf);
  const own = sources.map(({ partner }, source) =>
    ownPairsOf(
      counted.find(({ of }) => of === partner),
      persons.counts[source] ?? 0,
    ),
  );
  const names = sources.map(({ name }) => name);
  const met = metPersons(meetings, persons);
  const fixed = parameters === undefined ? undefined : fixedModel(comparisons, names, parameters);
  const linked = linkSources({ comparisons, names, own, fixed }, met);
  const reviews = await readReviews(session, reviewed);
  const pairs = weighedPairs({ met, linked, meetings, comparisons, reviews });
  const threshold = linked.expectation.threshold;
  return {
    pairs,
    threshold,
    comparisons,
    linked,
    model: { m: linked.estimate.m, u: linked.strangers },
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
