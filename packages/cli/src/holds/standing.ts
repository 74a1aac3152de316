import { errorCodes } from '@throughline/core';
import { type HoldReason, holdReasons } from '@throughline/ingest';
import { receivedFrom } from '../parcels/state.js';
import { hostOf } from '../project/host.js';
import type { Project } from '../project/project.js';
import type { NightHold, NightStanding } from '../report/night.js';
import { lastTaken } from './deliveries.js';
import { type HoldRecord, isAcceptable, isStanding, readHolds } from './hold-records.js';

/** Whether the data of a partner are of this night, and if not, why. @throws ThroughlineError CONFIG_* */
export async function standingOf(project: Project, partner: string): Promise<NightStanding> {
  if (!project.here.partner(partner)) return toldBy(project, partner);
  const last = await lastTaken(project, partner);
  const held = (await readHolds(project, partner)).findLast(isStanding);
  const since = last?.taken ?? project.day;
  if (held !== undefined) return { state: 'held', since, hold: held.id, reasons: reasonsOf(held) };
  return { state: since === project.day ? 'current' : 'resting', since, hold: '', reasons: [] };
}

/** How a partner at another host says that it stands; where its parcel of tonight is not there, older data are in use. */
async function toldBy(project: Project, partner: string): Promise<NightStanding> {
  const { day, standing } = await receivedFrom(project, hostOf(project.here.hosts, partner));
  const since = standing?.since ?? day ?? project.day;
  if (standing === null || day !== project.day) return { state: 'resting', since, hold: '', reasons: [] };
  return { state: standing.state, since, hold: standing.hold, reasons: standing.reasons };
}

/** The words of the reasons, each once, without their counts; or the code of an error with what it is about. */
function reasonsOf({ code, details }: HoldRecord): string[] {
  const { reasons } = details;
  if (code === 'ARRIVAL_HELD' && Array.isArray(reasons))
    return [...new Set(reasons.map((reason) => reason.split(' ')[0] ?? ''))];
  const about = ['extract', 'name', 'column', 'columns'].flatMap((name) => details[name] ?? []);
  return [[code, ...about].join(' ')];
}

/** The deliveries that wait for a person, with what may be done. @throws ThroughlineError CONFIG_* */
export async function standingHolds(project: Project): Promise<NightHold[]> {
  const found: NightHold[] = [];
  for (const { name } of project.pipeline.partners)
    for (const hold of await readHolds(project, name)) if (isStanding(hold)) found.push(inReport(name, hold));
  return found;
}

function inReport(partner: string, hold: HoldRecord): NightHold {
  const { id, opened, code, status } = hold;
  const { meaning, remedy } = errorCodes[code];
  return {
    partner,
    id,
    opened,
    rejected: status === 'rejected',
    meaning,
    remedy,
    reasons: reasonsOf(hold).flatMap((name) =>
      Object.hasOwn(holdReasons, name) ? [{ name, ...holdReasons[name as HoldReason] }] : [],
    ),
    acceptable: isAcceptable(hold),
  };
}
