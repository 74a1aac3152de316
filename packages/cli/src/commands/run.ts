import { safeName, ThroughlineError } from '@throughline/core';
import { lockState, runStage, type StageOutcome } from '@throughline/engine';
import { householdsStage, linkStage } from '@throughline/link';
import { measureStage } from '@throughline/measure';
import { releaseStage } from '@throughline/release';
import { interopStage, plantStage, tokenizeStage } from '@throughline/tokenize';
import { type Effects, stageEffects } from '../effects.js';
import { hasGoodData, type TakenIn, takeIn } from '../holds/take-in.js';
import { timingPasses, writePassTimes } from '../linkage/pass-times.js';
import { householdsRequest } from '../pipeline/index-requests.js';
import {
  interopRequest,
  linkRequest,
  measureRequest,
  plantRequest,
  releaseRequest,
  tokenizeRequest,
} from '../pipeline/requests.js';
import {
  findDuplicatesOf,
  type Gate,
  gateNow,
  gateOfEpoch,
  isGateDecided,
  planPartner,
  receivePartner,
  sealPartner,
} from '../pipeline/sealing.js';
import type { Project } from '../project/project.js';
import { completePublication } from '../publishing/complete.js';
import { publications } from '../publishing/publications.js';
import { requireNoneOverdue } from '../rights/holdings.js';

/** Runs work while holding the one lock of a project's state. @throws ThroughlineError RUN_LOCKED */
export async function locked<T>(project: Project, effects: Effects, work: () => Promise<T>): Promise<T> {
  const unlock = await lockState(project.folders.state, effects.processId);
  try {
    return await work();
  } finally {
    await unlock();
  }
}

/** The partners of this machine: the one named, or all of them. */
export const partnersOf = ({ pipeline, here }: Project, only: string | undefined) =>
  pipeline.partners.filter(({ name }) => here.partner(name) && (only === undefined || name === only));

type Partner = Project['pipeline']['partners'][number];
type PartnerStage = (partner: Partner) => Promise<StageOutcome | StageOutcome[]>;

/** A stage for one partner after another; one that fails keeps none of the others from theirs. @throws the first failure. */
async function eachPartner(partners: readonly Partner[], stage: PartnerStage): Promise<StageOutcome[]> {
  const outcomes: StageOutcome[] = [];
  const failures: unknown[] = [];
  for (const partner of partners) {
    await ofPartner(partner, () => stage(partner)).then(
      (made) => outcomes.push(...[made].flat()),
      (thrown: unknown) => failures.push(thrown),
    );
  }
  if (failures.length > 0) throw failures[0];
  return outcomes;
}

/** Two partners may have extracts of one name, so a failure says whose it is. */
async function ofPartner<T>({ name }: Partner, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (!(thrown instanceof ThroughlineError)) throw thrown;
    throw new ThroughlineError(thrown.code, { partner: safeName(name), ...thrown.details });
  }
}

/** What became of the deliveries of partners, and the first failure that none of them is the cause of. */
type Deliveries = { readonly taken: readonly TakenIn[]; readonly failure: unknown };

/** Takes in the deliveries of partners, one after another; one that is held or fails keeps none of the others from theirs. */
async function takeInPartners(project: Project, effects: Effects, only?: string): Promise<Deliveries> {
  const taken: TakenIn[] = [];
  const failures: unknown[] = [];
  for (const partner of partnersOf(project, only)) {
    await ofPartner(partner, () => takeIn(project, partner, effects)).then(
      (made) => taken.push(made),
      (thrown: unknown) => failures.push(thrown),
    );
  }
  return { taken, failure: failures[0] };
}

/** As one stage: @throws ThroughlineError as the first partner's that is held. */
export async function ingestPartners(
  project: Project,
  effects: Effects,
  only?: string,
): Promise<StageOutcome[]> {
  const { taken, failure } = await takeInPartners(project, effects, only);
  if (failure !== undefined) throw failure;
  for (const each of taken) if (each.status === 'held') throw heldFailure(each);
  return outcomesOf(taken);
}

const outcomesOf = (taken: readonly TakenIn[]): StageOutcome[] =>
  taken.flatMap((each) => (each.status === 'taken' ? [each.outcome] : []));

const heldFailure = ({ partner, failure }: TakenIn & { status: 'held' }): ThroughlineError =>
  new ThroughlineError(failure.code, { partner: safeName(partner.name), ...failure.details });

/** Reads what a partner has encoded as another system does, plants its canaries, finds its duplicates, then tokenizes. */
async function tokenizePartner(
  project: Project,
  partner: Partner,
  effects: Effects,
): Promise<StageOutcome[]> {
  const others =
    partner.interop.length === 0
      ? []
      : [await runStage(interopStage, interopRequest(project, partner, effects))];
  if (partner.canaries > 0)
    others.push(await runStage(plantStage, await plantRequest(project, partner, effects)));
  others.push(...(await findDuplicatesOf(project, partner, effects)));
  return [...others, await runStage(tokenizeStage, await tokenizeRequest(project, partner, effects))];
}

export const tokenizePartners = (
  project: Project,
  effects: Effects,
  only?: string,
): Promise<StageOutcome[]> =>
  eachPartner(partnersOf(project, only), (partner) => tokenizePartner(project, partner, effects));

/** What each partner tells of its file before anything is sealed. */
export const planPartners = (project: Project, effects: Effects, only?: string): Promise<StageOutcome[]> =>
  eachPartner(partnersOf(project, only), (partner) => planPartner(project, partner, effects));

export async function sealPartners(
  project: Project,
  effects: Effects,
  only?: string,
): Promise<StageOutcome[]> {
  const gate = await gateNow(project);
  return eachPartner(partnersOf(project, only), (partner) =>
    sealPartner(project, { partner, gate }, effects),
  );
}

/** The linkage unit takes in what the partners delivered, and links it. */
export async function linkPeople(project: Project, effects: Effects): Promise<StageOutcome[]> {
  const gate = await gateNow(project);
  return [
    ...(await eachPartner(project.pipeline.partners, (partner) =>
      receivePartner(project, { partner, gate }, effects),
    )),
    await linkTimed(project, gate, effects),
    ...(await settleHouseholds(project, effects)),
  ];
}

/** The household index, where the pipeline asks for one. */
async function settleHouseholds(project: Project, effects: Effects): Promise<StageOutcome[]> {
  const { households } = project.pipeline;
  if (households === undefined) return [];
  return [await runStage(householdsStage, householdsRequest(project, households, effects))];
}

async function linkTimed(project: Project, gate: Gate | undefined, effects: Effects): Promise<StageOutcome> {
  const timing = timingPasses(effects.emit);
  const request = await linkRequest(project, gate?.sealing ?? [], {
    ...effects,
    emit: timing.emit,
  });
  const outcome = await runStage(linkStage, request);
  if (outcome.status === 'made') await writePassTimes(project.folders.passTimes, timing.times());
  return outcome;
}

export const measureCells = (project: Project, effects: Effects): Promise<StageOutcome> =>
  runStage(measureStage, measureRequest(project, effects));

export async function releaseCandidate(project: Project, effects: Effects): Promise<StageOutcome> {
  await completePublication(project);
  return runStage(releaseStage, releaseRequest(project, await publications(project), effects));
}

/** What a night did, and whose deliveries it held. */
export type NightOutcome = { readonly stages: readonly StageOutcome[]; readonly taken: readonly TakenIn[] };

/**
 * A whole night: every stage in order; each does nothing if nothing that it depends on has changed. The last good
 * data of a partner whose delivery is held stay in use.
 *
 * @throws ThroughlineError also where a delivery is held and there are no good data of that partner yet: a measure
 *   without its children would be wrong, and nobody would see it.
 */
export async function runNight(project: Project, effects: Effects): Promise<NightOutcome> {
  await requireNoneOverdue(project);
  const pipeline = safeName(project.pipeline.pipeline);
  const { elapsed } = stageEffects(effects);
  const started = elapsed();
  effects.emit({ event: 'run.start', pipeline });
  const { taken, failure } = await takeInPartners(project, effects);
  const { usable, unusable } = await usableOf(project, taken);
  const tokenized = await eachPartner(usable, (partner) => tokenizePartner(project, partner, effects));
  for (const each of [failure, unusable]) if (each !== undefined) throw each;
  const stages = [
    ...outcomesOf(taken),
    ...tokenized,
    ...(await gateOfEpoch(project, effects)),
    ...(await sealPartners(project, effects)),
    ...(await linkPeople(project, effects)),
    await measureCells(project, effects),
    await releaseCandidate(project, effects),
  ];
  effects.emit({ event: 'run.done', pipeline, ms: elapsed() - started });
  return { stages, taken };
}

/** What one partner does at home: take in, tokenize, tell its plan until the gate is decided, seal. */
export async function runPartners(project: Project, effects: Effects): Promise<NightOutcome> {
  const { taken, failure } = await takeInPartners(project, effects);
  const { usable, unusable } = await usableOf(project, taken);
  const tokenized = await eachPartner(usable, (partner) => tokenizePartner(project, partner, effects));
  for (const each of [failure, unusable]) if (each !== undefined) throw each;
  const planned = (await isGateDecided(project)) ? [] : await planPartners(project, effects);
  return {
    stages: [...outcomesOf(taken), ...tokenized, ...planned, ...(await sealPartners(project, effects))],
    taken,
  };
}

type Usable = { readonly usable: readonly Partner[]; readonly unusable: ThroughlineError | undefined };

/** The partners with good data, and why the first of the others has none. */
async function usableOf(project: Project, taken: readonly TakenIn[]): Promise<Usable> {
  const usable: Partner[] = [];
  let unusable: ThroughlineError | undefined;
  for (const each of taken) {
    if (each.status !== 'held' || (await hasGoodData(project, each.partner))) usable.push(each.partner);
    else unusable ??= heldFailure(each);
  }
  return { usable, unusable };
}
