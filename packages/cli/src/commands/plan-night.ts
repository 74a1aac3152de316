import { ThroughlineError } from '@throughline/core';
import { type Freshness, freshnessOf, type Stage, type StageRequest } from '@throughline/engine';
import { ingestStage } from '@throughline/ingest';
import { householdsStage, linkStage, receiveSlotsStage, receiveTokensStage } from '@throughline/link';
import { measureStage } from '@throughline/measure';
import { visible } from '@throughline/pages';
import { releaseStage } from '@throughline/release';
import { duplicatesStage, plantStage, residualStage, sealStage, tokenizeStage } from '@throughline/tokenize';
import type { Effects } from '../effects.js';
import { deliveryOf, isOfDelivery, lastTaken, requireDue } from '../holds/deliveries.js';
import { wraps } from '../keys/wrap-key.js';
import { householdsRequest } from '../pipeline/index-requests.js';
import {
  duplicatesRequest,
  ingestRequest,
  linkRequest,
  measureRequest,
  planting,
  plantRequest,
  receiveRequest,
  releaseRequest,
  residualRequest,
  sealRequest,
  tellsOfDuplicates,
  tokenizeRequest,
} from '../pipeline/requests.js';
import { sealingPartners } from '../pipeline/sealing.js';
import type { Project } from '../project/project.js';
import { publications } from '../publishing/publications.js';
import { requireNoneOverdue } from '../rights/holdings.js';

/** What a run would do with one stage. */
type Planned = {
  readonly stage: string;
  readonly of: string;
  readonly does: string;
  readonly because: readonly string[];
};

/**
 * Prints what a run would do, stage by stage, and why. Nothing is written and no row is read; a stage after one that
 * is stale may turn out to have nothing to do.
 *
 * @throws ThroughlineError as a run would before its first stage.
 */
export async function planNight(project: Project, effects: Effects): Promise<void> {
  await requireNoneOverdue(project);
  const planned: Planned[] = [];
  for (const step of await stepsOf(project, effects)) {
    const after = planned
      .filter(({ does }) => does !== 'current')
      .map(({ stage, of }) => `${stage} of ${of}`);
    planned.push(await plannedOf(step, after));
  }
  const width = Math.max(...planned.map(({ stage, of }) => stage.length + of.length));
  for (const { stage, of, does, because } of planned) {
    const name = `${stage} ${visible(of)}`.padEnd(width + 1);
    effects.stdout(`${name}  ${does}${because.length === 0 ? '' : `: ${because.map(visible).join(', ')}`}\n`);
  }
}

type Step = {
  readonly stage: string;
  readonly of: string;
  /** Whether it reads what other stages make. */
  readonly follows: boolean;
  readonly freshness: () => Promise<Freshness>;
};

const step = <Config>(stage: Stage<Config>, of: string, request: () => Promise<StageRequest>): Step => ({
  stage: stage.name,
  of,
  follows: stage.name !== 'ingest',
  freshness: async () => freshnessOf(stage, await request()),
});

async function plannedOf(
  { stage, of, follows, freshness }: Step,
  after: readonly string[],
): Promise<Planned> {
  try {
    const { status, because } = await freshness();
    if (status !== 'current')
      return { stage, of, does: status === 'absent' ? 'make' : 'make again', because };
    if (!follows || after.length === 0) return { stage, of, does: 'current', because: [] };
    return {
      stage,
      of,
      does: 'current so far',
      because: [`${after.length} stages before it have something to do`],
    };
  } catch (thrown) {
    if (!(thrown instanceof ThroughlineError)) throw thrown;
    if (thrown.code === 'ARTIFACT_MISSING')
      return { stage, of, does: 'make', because: ['what it reads is not there yet'] };
    return { stage, of, does: isOfDelivery(thrown) ? 'hold' : 'fail', because: [thrown.code] };
  }
}

async function stepsOf(project: Project, effects: Effects): Promise<readonly Step[]> {
  const { partners, pipeline, households } = project.pipeline;
  const { here } = project;
  const own = partners.filter(({ name }) => here.partner(name));
  const linking = here.plays('linkage-unit') ? partners : [];
  const sealing = own.length + linking.length > 0 ? await sealingPartners(project) : [];
  const seals = ({ name }: { readonly name: string }) => sealing.includes(name);
  return [
    ...own.map((partner) => ({
      ...step(ingestStage, partner.name, async () =>
        ingestRequest(project, { partner, accepted: {} }, effects),
      ),
      freshness: () => freshnessOfDelivery(project, partner, effects),
    })),
    ...planting(project)
      .filter(({ name }) => here.partner(name))
      .map((partner) => step(plantStage, partner.name, () => plantRequest(project, partner, effects))),
    ...(tellsOfDuplicates(project) ? own : []).map((partner) =>
      step(duplicatesStage, partner.name, () => duplicatesRequest(project, partner, effects)),
    ),
    ...own.map((partner) =>
      step(tokenizeStage, partner.name, () => tokenizeRequest(project, partner, effects)),
    ),
    ...own
      .filter(seals)
      .map((partner) => step(sealStage, partner.name, () => sealRequest(project, partner, effects))),
    ...own
      .filter((partner) => wraps(project) && seals(partner))
      .map((partner) => step(residualStage, partner.name, () => residualRequest(project, partner, effects))),
    ...linking.map((partner) =>
      step(receiveTokensStage, partner.name, () =>
        receiveRequest(project, { partner, kind: 'tokens' }, effects),
      ),
    ),
    ...linking
      .filter(seals)
      .map((partner) =>
        step(receiveSlotsStage, partner.name, () =>
          receiveRequest(project, { partner, kind: 'slots' }, effects),
        ),
      ),
    ...(linking.length > 0 ? [step(linkStage, pipeline, () => linkRequest(project, sealing, effects))] : []),
    ...(linking.length > 0 && households !== undefined
      ? [step(householdsStage, pipeline, async () => householdsRequest(project, households, effects))]
      : []),
    ...(here.plays('analyst-desk')
      ? [
          step(measureStage, pipeline, async () => measureRequest(project, effects)),
          step(releaseStage, pipeline, async () =>
            releaseRequest(project, await publications(project), effects),
          ),
        ]
      : []),
  ];
}

/** A delivery that would be held is not compared; what lies in the inbox decides. */
async function freshnessOfDelivery(
  project: Project,
  partner: Project['pipeline']['partners'][number],
  effects: Effects,
): Promise<Freshness> {
  const delivery = await deliveryOf(project, partner);
  requireDue(project, delivery, await lastTaken(project, partner.name));
  return freshnessOf(ingestStage, ingestRequest(project, { partner, accepted: {} }, effects));
}
