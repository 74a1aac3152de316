import { safeName, ThroughlineError } from '@throughline/core';
import { type Session, type Sql, sql, sqlJoin } from '@throughline/engine';
import { comparing, type Grounds } from '@throughline/model';
import { type Clusters, personsOf } from '../cluster/clusters.js';
import { keepPersons } from '../decide/exact.js';
import { LEAST } from '../decide/link-sources.js';
import type { HealthFinding } from '../estimate/health.js';
import { fixedModel, type Parameters } from '../estimate/parameters.js';
import { makeComponents } from '../night/components.js';
import type { Pass } from '../passes/passes.js';
import { classOf } from './decide.js';
import { repeatedHolders } from './meetings.js';
import { makeMet, personsOfSources, readMet } from './met.js';
import { learned, levelsOfDigits, modelOfText, NO_MODEL, type SealedModel } from './model.js';
import { ownPairsOf, type PlanDelivery, readCounted } from './own-pairs.js';
import { decidePairs, makeRivals } from './pairs.js';
import { makeSaid } from './reviews.js';
import type { SealedFiles } from './slots.js';
import { makeWeights, plausibleRecords } from './weigh.js';

export type SealedLinking = {
  readonly session: Session;
  readonly files: SealedFiles;
  readonly plans: readonly PlanDelivery[];
  /** Partner and name of each source. */
  readonly sources: readonly SourceName[];
  readonly passes: readonly Pass[];
  readonly clusters: Clusters;
  /** By exact person: bits of the passes of the numbers that it holds. */
  readonly numbers: ReadonlyMap<number, number>;
  /** The parameters that the memorandum fixes; what it does not fix is learned. */
  readonly agreed: Parameters | undefined;
  /** A model in JSON that stands since an earlier night, or undefined to learn one. */
  readonly standing: string | undefined;
};

type SourceName = { readonly partner: string; readonly name: string };

/** Runs one named step. */
type Step = <Result>(name: string, work: () => Promise<Result>) => Promise<Result>;

/**
 * Joins persons, as the tokens have made them, by sealed fields: pairs that meet are weighed by a model that was learned
 * from all of them, and joined where they are sure enough and nothing speaks against it. Reads `tonight_meetings` and
 * `placed`, and `reviewed`; makes `joined` (record, person), `components`, `met`, `pattern_weights` and `judged`.
 *
 * @returns the model.
 * @throws ThroughlineError LINKAGE_UNSOUND where what the model says of itself rules it out.
 */
export async function linkSealed(linking: SealedLinking, step: Step): Promise<SealedModel> {
  const { session, files, passes, clusters } = linking;
  const { comparisons } = comparing(files.layout);
  await step('persons that met', () => makeMet(session));
  const model = await step('weigh', () => modelOf(linking));
  requireSound(model.health);
  await step('weights', async () => {
    await makeSaid(session);
    await makeWeights(session, { comparisons, model, classOf: classAlone(model) });
  });
  await step('components', () => makeComponents(session, passes, connecting(files)));
  await step('sealed links', async () => {
    await makeRivals(session);
    const linked = await decidePairs(session, { clusters, numbers: () => numbersOfPersons(linking), model });
    await keepPersons(session, 'joined', personsOf(clusters));
    return linked;
  });
  return model;
}

const connecting = ({ passes }: SealedFiles): Sql =>
  sqlJoin([plausibleRecords(), ...(passes.length === 0 ? [] : [repeatedHolders(passes)])], sql` UNION ALL `);

/** @throws ThroughlineError LINKAGE_UNSOUND with the finding and its share. */
function requireSound(health: readonly HealthFinding[]): void {
  const found = health.find(({ severity }) => severity === 'stop');
  if (found === undefined) return;
  throw new ThroughlineError('LINKAGE_UNSOUND', { finding: safeName(found.finding), share: found.value });
}

async function modelOf(linking: SealedLinking): Promise<SealedModel> {
  const { session, files, plans, sources, agreed, standing } = linking;
  if (files.passes.length === 0) return NO_MODEL;
  if (standing !== undefined) return modelOfText(standing);
  const { layout } = files;
  const { comparisons } = comparing(layout);
  const fields = layout.similar.length + layout.exact.length;
  const counted = await readCounted(session, plans, { comparing: comparing(layout), fields });
  const persons = await personsOfSources(session, sources.length);
  const own = sources.map(({ partner }, source) =>
    ownPairsOf(
      counted.find(({ of }) => of === partner),
      persons[source] ?? 0,
    ),
  );
  const names = sources.map(({ name }) => name);
  const fixed = agreed === undefined ? undefined : fixedModel(comparisons, names, agreed);
  return learned({ comparisons, names, own, fixed, met: await readMet(session, levelsOfDigits) });
}

/** What becomes of a pair that has no rival. */
const classAlone =
  ({ threshold }: SealedModel) =>
  (probability: number, grounds: Grounds): string =>
    classOf({ probability, ...grounds, chosen: probability >= LEAST, review: undefined }, threshold);

function numbersOfPersons({ clusters, numbers }: SealedLinking): Map<number, number> {
  const held = new Map<number, number>();
  for (const [record, bits] of numbers) {
    const person = clusters.personOf(record);
    held.set(person, (held.get(person) ?? 0) | bits);
  }
  return held;
}
