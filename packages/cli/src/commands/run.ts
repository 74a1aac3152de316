import { safeName, ThroughlineError } from '@throughline/core';
import { lockState, runStage, type StageOutcome } from '@throughline/engine';
import { ingestStage } from '@throughline/ingest';
import { linkStage } from '@throughline/link';
import { measureStage } from '@throughline/measure';
import { releaseStage } from '@throughline/release';
import { tokenizeStage } from '@throughline/tokenize';
import { type Effects, stageEffects } from '../effects.js';
import { requestingChanges } from '../manifest/change-request.js';
import {
  ingestRequest,
  linkRequest,
  measureRequest,
  releaseRequest,
  tokenizeRequest,
} from '../pipeline/requests.js';
import { gateOfEpoch, planPartner, sealPartner } from '../pipeline/sealing.js';
import type { Project } from '../project/project.js';

/** Runs work while holding the one lock of a project's state. @throws ThroughlineError RUN_LOCKED */
export async function locked<T>(project: Project, effects: Effects, work: () => Promise<T>): Promise<T> {
  const unlock = await lockState(project.folders.state, effects.processId);
  try {
    return await work();
  } finally {
    await unlock();
  }
}

/** The partners named, or all of them. */
export const partnersOf = ({ pipeline }: Project, only: string | undefined) =>
  pipeline.partners.filter(({ name }) => only === undefined || name === only);

type Partner = Project['pipeline']['partners'][number];
type PartnerStage = (partner: Partner) => Promise<StageOutcome | StageOutcome[]>;

/** A stage for one partner after another. Two may have extracts of one name, so a failure says whose it is. */
async function eachPartner(partners: readonly Partner[], stage: PartnerStage): Promise<StageOutcome[]> {
  const outcomes: StageOutcome[] = [];
  for (const partner of partners) {
    try {
      outcomes.push(...[await stage(partner)].flat());
    } catch (thrown) {
      if (!(thrown instanceof ThroughlineError)) throw thrown;
      throw new ThroughlineError(thrown.code, { partner: safeName(partner.name), ...thrown.details });
    }
  }
  return outcomes;
}

export const ingestPartners = (project: Project, effects: Effects, only?: string): Promise<StageOutcome[]> =>
  eachPartner(partnersOf(project, only), (partner) =>
    requestingChanges(project, partner, () =>
      runStage(ingestStage, ingestRequest(project, partner, effects)),
    ),
  );

export const tokenizePartners = (
  project: Project,
  effects: Effects,
  only?: string,
): Promise<StageOutcome[]> =>
  eachPartner(partnersOf(project, only), async (partner) =>
    runStage(tokenizeStage, await tokenizeRequest(project, partner, effects)),
  );

/** What each partner tells of its file before anything is sealed. */
export const planPartners = (project: Project, effects: Effects, only?: string): Promise<StageOutcome[]> =>
  eachPartner(partnersOf(project, only), (partner) => planPartner(project, partner, effects));

export const sealPartners = (project: Project, effects: Effects, only?: string): Promise<StageOutcome[]> =>
  eachPartner(partnersOf(project, only), (partner) => sealPartner(project, partner, effects));

export const linkPeople = async (project: Project, effects: Effects): Promise<StageOutcome> =>
  runStage(linkStage, await linkRequest(project, effects));

export const measureCells = (project: Project, effects: Effects): Promise<StageOutcome> =>
  runStage(measureStage, measureRequest(project, effects));

export const releaseCandidate = (project: Project, effects: Effects): Promise<StageOutcome> =>
  runStage(releaseStage, releaseRequest(project, effects));

/** A whole night: every stage in order; each does nothing if nothing that it depends on has changed. */
export async function runNight(project: Project, effects: Effects): Promise<readonly StageOutcome[]> {
  const pipeline = safeName(project.pipeline.pipeline);
  const { elapsed } = stageEffects(effects);
  const started = elapsed();
  effects.emit({ event: 'run.start', pipeline });
  const outcomes = [
    ...(await ingestPartners(project, effects)),
    ...(await tokenizePartners(project, effects)),
    ...(await gateOfEpoch(project, effects)),
    ...(await sealPartners(project, effects)),
    await linkPeople(project, effects),
    await measureCells(project, effects),
    await releaseCandidate(project, effects),
  ];
  effects.emit({ event: 'run.done', pipeline, ms: elapsed() - started });
  return outcomes;
}
