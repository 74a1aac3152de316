import type { HostRole } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import type { StageOutcome } from '@throughline/engine';
import { partnerOf } from '@throughline/parcel';
import type { StageCommand } from '../actions.js';
import type { Effects } from '../effects.js';
import { decideGateOf } from '../pipeline/sealing.js';
import { type Here, requirePartnerHere, requireRole } from '../project/host.js';
import type { Project } from '../project/project.js';
import { requireNoneOverdue } from '../rights/holdings.js';
import {
  ingestPartners,
  linkPeople,
  locked,
  measureCells,
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
  requireThere(project, partner);
  requireStageHere(project.here, name);
  const outcomes = await locked(project, effects, async () => {
    await requireNoneOverdue(project);
    return outcomesOf({ name, partner }, project, effects);
  });
  for (const { status, artifacts } of outcomes) {
    for (const [kind, sha256] of Object.entries(artifacts)) effects.stdout(`${kind} ${sha256} ${status}\n`);
  }
}

/** @throws ThroughlineError USAGE if there is no such partner, HOST_ROLE if it is at another host. */
function requireThere({ pipeline, here }: Project, partner: string | undefined): void {
  if (partner === undefined) return;
  if (!pipeline.partners.some(({ name }) => name === partner))
    throw new ThroughlineError('USAGE', { unknown_partner: safeName(partner) });
  requirePartnerHere(here, partner);
}

const ROLES: Readonly<Record<StageCommand, HostRole | 'partner'>> = {
  ingest: 'partner',
  tokenize: 'partner',
  plan: 'partner',
  gate: 'linkage-unit',
  link: 'linkage-unit',
  measure: 'analyst-desk',
};

/** @throws ThroughlineError HOST_ROLE */
function requireStageHere(here: Here, name: StageCommand): void {
  const role = ROLES[name];
  if (role !== 'partner') requireRole(here, role);
  else if (here.host !== undefined && partnerOf(here.host) === undefined)
    throw new ThroughlineError('HOST_ROLE', { role: safeName(role), at: safeName('another host') });
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
