import { canonicalJson, safeName, ThroughlineError } from '@throughline/core';
import { readArtifactIfThere, removeFolder, runStage, type StageOutcome } from '@throughline/engine';
import { type Accepted, ingestStage } from '@throughline/ingest';
import { noteSchools } from '../disclosures/schools.js';
import type { Effects } from '../effects.js';
import { requestingChanges } from '../manifest/change-request.js';
import type { Pipeline } from '../pipeline/pipeline.js';
import { ingestRequest } from '../pipeline/requests.js';
import type { Project } from '../project/project.js';
import {
  type Delivery,
  deliveryOf,
  filesOf,
  isOfDelivery,
  isResting,
  lastTaken,
  rememberTaken,
  requireDue,
  type Taken,
} from './deliveries.js';
import { afterTaking, type HoldRecord, hasFiles, readHolds, withHold, writeHolds } from './hold-records.js';

type Partner = Pipeline['partners'][number];

/** What became of a partner's delivery. */
export type TakenIn =
  | { readonly partner: Partner; readonly status: 'taken'; readonly outcome: StageOutcome }
  /** Nothing was delivered and nothing is due. */
  | { readonly partner: Partner; readonly status: 'resting' }
  | {
      readonly partner: Partner;
      readonly status: 'held';
      readonly hold: HoldRecord;
      readonly failure: ThroughlineError;
    };

/**
 * Takes in a partner's delivery, or holds it.
 *
 * @throws ThroughlineError for everything that another delivery could not mend: agreements, keys, disk.
 */
export async function takeIn(project: Project, partner: Partner, effects: Effects): Promise<TakenIn> {
  const files: Record<string, string> = {};
  try {
    const delivery = await deliveryOf(project, partner);
    Object.assign(files, filesOf(delivery));
    return await takeDelivered(project, { partner, delivery, files }, effects);
  } catch (thrown) {
    if (!isOfDelivery(thrown)) throw thrown;
    const missing = thrown.code === 'EXTRACT_MISSING';
    if (missing && isResting(project, partner) && (await hasGoodData(project, partner)))
      return { partner, status: 'resting' };
    const opening = { partner: partner.name, day: project.day, failure: thrown, files };
    const before = await readHolds(project, partner.name);
    const { holds, hold } = withHold(before, opening);
    if (holds !== before) await writeHolds(project, partner.name, holds);
    return { partner, status: 'held', hold, failure: thrown };
  }
}

type Arrived = {
  readonly partner: Partner;
  readonly delivery: Delivery;
  readonly files: Readonly<Record<string, string>>;
};

async function takeDelivered(
  project: Project,
  { partner, delivery, files }: Arrived,
  effects: Effects,
): Promise<TakenIn> {
  const holds = await readHolds(project, partner.name);
  requireNotRejected(holds, files);
  const last = await lastTaken(project, partner.name);
  const accepted = acceptedOf(holds, files);
  if (Object.keys(accepted).length === 0) requireDue(project, delivery, last);
  const request = ingestRequest(project, { partner, accepted }, effects);
  const outcome = await requestingChanges(project, partner, () => runStage(ingestStage, request));
  await noteSchools(project, partner.name, outcome);
  await settle(project, partner, { delivery, files, holds, last });
  return { partner, status: 'taken', outcome };
}

/** What a person has rejected stays out, without being read again. @throws ThroughlineError as it was held. */
function requireNotRejected(holds: readonly HoldRecord[], files: Readonly<Record<string, string>>): void {
  const rejected = holds.find((each) => each.status === 'rejected' && hasFiles(each, files));
  if (rejected !== undefined) throw new ThroughlineError(rejected.code, rejected.details);
}

/** What a person has accepted counts for as long as the same files lie in the inbox. */
function acceptedOf(holds: readonly HoldRecord[], files: Readonly<Record<string, string>>): Accepted {
  const decided = holds.some(
    (each) => (each.status === 'accepted' || each.status === 'taken') && hasFiles(each, files),
  );
  return decided ? files : {};
}

type Settling = {
  readonly delivery: Delivery;
  readonly files: Readonly<Record<string, string>>;
  readonly holds: readonly HoldRecord[];
  readonly last: Taken | undefined;
};

async function settle(
  project: Project,
  { name }: Partner,
  { delivery, files, holds, last }: Settling,
): Promise<void> {
  await rememberTaken(project, name, { delivery, last });
  await removeFolder(project.folders.owner(name, 'refused'));
  const settled = afterTaking(holds, files);
  if (canonicalJson(settled) !== canonicalJson(holds)) await writeHolds(project, name, settled);
}

/** Whether a partner has data of an earlier night, which stay in use. */
export async function hasGoodData({ folders }: Project, { name }: Partner): Promise<boolean> {
  for (const kind of ['identifiers', 'payload'] as const) {
    if ((await readArtifactIfThere(folders.partner(name, kind), kind)) === undefined) return false;
  }
  return true;
}

/** @throws ThroughlineError PARTNERS_HELD with every delivery that is held. */
export function requireNoneHeld(taken: readonly TakenIn[]): void {
  const held = taken.filter((each) => each.status === 'held');
  if (held.length === 0) return;
  throw new ThroughlineError('PARTNERS_HELD', {
    holds: held.map(({ hold }) => safeName(hold.id)),
    codes: held.map(({ failure }) => safeName(failure.code)),
  });
}
