import { safeName, ThroughlineError } from '@throughline/core';
import type { StageOutcome } from '@throughline/engine';
import type { StageCommand } from '../actions.js';
import type { Effects } from '../effects.js';
import { decideGateOf } from '../pipeline/sealing.js';
import type { Project } from '../project/project.js';
import { requireNoneOverdue } from '../rights/holdings.js';
import {
  ingestPartners,
  linkPeople,
  locked,
  measureCells,
  partnersOf,
  planPartners,
  sealPartners,
  tokenizePartners,
} from './run.js';

type Asked = { readonly name: StageCommand; readonly partner: string | undefined };

/** Runs one stage and says what came of it. @throws ThroughlineError USAGE if there is no such partner. */
export async function runStageCommand(
  { name, partner }: Asked,
  project: Project,
  effects: Effects,
): Promise<void> {
  if (partnersOf(project, partner).length === 0) {
    throw new ThroughlineError('USAGE', { unknown_partner: safeName(partner ?? '') });
  }
  const outcomes = await locked(project, effects, async () => {
    await requireNoneOverdue(project);
    return outcomesOf({ name, partner }, project, effects);
  });
  for (const { status, artifacts } of outcomes) {
    for (const [kind, sha256] of Object.entries(artifacts)) effects.stdout(`${kind} ${sha256} ${status}\n`);
  }
}

async function outcomesOf(
  { name, partner }: Asked,
  project: Project,
  effects: Effects,
): Promise<StageOutcome[]> {
  switch (name) {
    case 'ingest':
      return ingestPartners(project, effects, partner);
    case 'plan':
      return planPartners(project, effects, partner);
    case 'gate':
      return [await decideGateOf(project, effects)];
    case 'tokenize':
      return [
        ...(await tokenizePartners(project, effects, partner)),
        ...(await sealPartners(project, effects, partner)),
      ];
    case 'link':
      return linkPeople(project, effects);
    case 'measure':
      return [await measureCells(project, effects)];
  }
}
