import { type SafeName, safeName, ThroughlineError } from '@throughline/core';
import { identityIfThere, readArtifact, type StageOutcome } from '@throughline/engine';
import { partnerOf } from '@throughline/parcel';
import { type Effects, stageEffects } from '../effects.js';
import type { TakenIn } from '../holds/take-in.js';
import { readValidCard } from '../keys/key-card.js';
import type { SplitProject } from '../parcels/ground.js';
import type { Looked } from '../parcels/receive.js';
import { type Posted, sendParcels } from '../parcels/send.js';
import { receivedFrom } from '../parcels/state.js';
import { planting } from '../pipeline/requests.js';
import { agreesOnSealing, decideGateOf, isGateDecided, sealingPartners } from '../pipeline/sealing.js';
import { hostOf } from '../project/host.js';
import type { Project } from '../project/project.js';
import { requireNoneOverdue } from '../rights/holdings.js';
import { receiveAll } from './parcels.js';
import { linkPeople, measureCells, releaseCandidate, runPartners } from './run.js';

/** What a night at one host did. */
export type HostNight = {
  readonly stages: readonly StageOutcome[];
  readonly taken: readonly TakenIn[];
  readonly looked: readonly Looked[];
  readonly posted: readonly Posted[];
  /** Why this host's part could not be finished; parcels were exchanged all the same. */
  readonly failure: unknown;
};

/**
 * The part of the night that this host plays: take in what the others have sent, do its own stages, send on. Whatever
 * happens to its own stages, the others are told how it stands.
 *
 * @throws ThroughlineError where nothing could be exchanged: keys, agreements, disk.
 */
export async function runHostNight(split: SplitProject, effects: Effects): Promise<HostNight> {
  const { project } = split;
  await requireNoneOverdue(project);
  const pipeline = safeName(project.pipeline.pipeline);
  const { elapsed } = stageEffects(effects);
  const started = elapsed();
  effects.emit({ event: 'run.start', pipeline });
  const looked = await receiveAll(split, [], effects);
  const own = await ownPart(split, effects).catch((failure: unknown) => ({ stages: [], taken: [], failure }));
  const posted = await sendParcels(split, { again: false }, effects).catch((thrown: unknown) => {
    throw own.failure ?? thrown;
  });
  effects.emit({ event: 'run.done', pipeline, ms: elapsed() - started });
  return { ...own, looked, posted };
}

type OwnPart = Pick<HostNight, 'stages' | 'taken' | 'failure'>;

async function ownPart(split: SplitProject, effects: Effects): Promise<OwnPart> {
  const { project, host } = split;
  const { here } = project;
  if (partnerOf(host) !== undefined) return { ...(await runPartners(project, effects)), failure: undefined };
  const stages = [
    ...(here.plays('linkage-unit') ? await linkWhatCame(split, effects) : []),
    ...(here.plays('analyst-desk') ? await countWhatCame(split, effects) : []),
  ];
  return { stages, taken: [], failure: undefined };
}

/** The linkage unit: the gate once all plans are there, then the links once all tokens and slots are. */
async function linkWhatCame(split: SplitProject, effects: Effects): Promise<StageOutcome[]> {
  const { project } = split;
  await requireCame(split, (await isGateDecided(project)) ? ['tokens'] : ['tokens', 'plan']);
  const gate = (await isGateDecided(project)) ? [] : [await decideGateOf(project, effects)];
  if (agreesOnSealing(project)) await requireCame(split, ['slots'], await sealingPartners(project));
  return [...gate, ...(await linkPeople(project, effects))];
}

/** The analyst desk: counts payload of an intake whose records are linked, and of no other. */
async function countWhatCame(split: SplitProject, effects: Effects): Promise<StageOutcome[]> {
  const { project } = split;
  requireNoneAwaited(await awaitedAtDesk(project));
  return [await measureCells(project, effects), await releaseCandidate(project, effects)];
}

/** What has to come before the desk can count: payload, canaries, and person ids of the same intake. */
export async function awaitedAtDesk(project: Project): Promise<readonly SafeName[]> {
  const planters = planting(project).map(({ name }) => name);
  const missing = [
    ...(await notCome(project, ['payload'])),
    ...(await notCome(project, ['canaries'], planters)),
  ];
  return missing.length > 0 || project.here.plays('linkage-unit') ? missing : unlinked(project);
}

/** @throws ThroughlineError PARCELS_AWAITED */
function requireNoneAwaited(awaited: readonly SafeName[]): void {
  if (awaited.length > 0) throw new ThroughlineError('PARCELS_AWAITED', { awaited });
}

type Awaited = 'tokens' | 'plan' | 'slots' | 'payload' | 'canaries';

/** @throws ThroughlineError PARCELS_AWAITED with the partners of whom something of this epoch is not there yet. */
const requireCame = async (
  { project }: SplitProject,
  kinds: readonly Awaited[],
  only?: readonly string[],
): Promise<void> => requireNoneAwaited(await notCome(project, kinds, only));

async function notCome(
  project: Project,
  kinds: readonly Awaited[],
  only?: readonly string[],
): Promise<readonly SafeName[]> {
  const missing: SafeName[] = [];
  for (const { name } of project.pipeline.partners) {
    if (only !== undefined && !only.includes(name)) continue;
    for (const kind of kinds) {
      if (!(await isThere(project, name, kind))) missing.push(safeName(`${kind} of ${name}`));
    }
  }
  return missing;
}

async function isThere(
  { folders, pipeline }: SplitProject['project'],
  partner: string,
  kind: Awaited,
): Promise<boolean> {
  const folder = folders.partner(partner, kind);
  if ((await identityIfThere(folder, kind)) === undefined) return false;
  if (kind === 'payload' || kind === 'canaries') return true;
  const card = await readValidCard(pipeline.resolve(pipeline.key_card));
  return (await readArtifact(folder, kind)).manifest.producedBy.keyCheck?.value === card.check;
}

/** The partners whose person ids are of another intake than the payload. */
export async function unlinked(project: Project): Promise<readonly SafeName[]> {
  const { pipeline, here } = project;
  const { linked } = await receivedFrom(project, hostOf(here.hosts, 'linkage-unit'));
  const missing: SafeName[] = [];
  for (const { name } of pipeline.partners) {
    const { standing } = await receivedFrom(project, hostOf(here.hosts, name));
    const intake = linked?.[name];
    if (intake === undefined || standing?.intake !== intake) missing.push(safeName(`person ids of ${name}`));
  }
  return missing;
}
