import { safeName, ThroughlineError } from '@throughline/core';
import type { Effects } from '../effects.js';
import { requireNoneHeld } from '../holds/take-in.js';
import { keepHouse } from '../housekeeping/keep-house.js';
import { roomFor } from '../night/room.js';
import { countsOf, remembered } from '../night/runs.js';
import { splitOf } from '../parcels/ground.js';
import type { Looked } from '../parcels/receive.js';
import { isDeskAlone } from '../project/host.js';
import type { Project } from '../project/project.js';
import { type HostNight, runHostNight } from './host-night.js';
import { lookedLine, postedLine } from './parcels.js';
import { locked } from './run.js';

/**
 * Runs the part of a host and says what came, what was done and what went.
 *
 * @throws ThroughlineError PARCELS_AWAITED, PARTNERS_HELD, PARCELS_REFUSED after all that.
 */
export async function nightAtHost(project: Project, effects: Effects): Promise<void> {
  const split = splitOf(project);
  const { taken, looked } = await locked(project, effects, () =>
    remembered(project, effects, async () => {
      await roomFor(project.pipeline, project.folders, effects.host);
      const result = await runHostNight(split, effects);
      await keepHouse(project, effects);
      tell(result, effects);
      if (isDeskAlone(project.here) && mayTell(result.failure)) await tellDesk(project, effects);
      if (result.failure !== undefined) throw result.failure;
      const partners = reports(project) ? await reported(project, effects) : {};
      const held = result.taken.some(({ status }) => status === 'held');
      return { result, ended: { partners, held } };
    }),
  );
  requireNoneHeld(taken);
  requireNoneRefused(looked);
}

/** The report is about links and counts, so it is written where both are made. */
const reports = ({ here }: Project): boolean => here.plays('linkage-unit') && here.plays('analyst-desk');

/** A desk on a host of its own tells in the morning what it knows, also of what it waits for. */
const mayTell = (failure: unknown): boolean =>
  failure === undefined || (failure instanceof ThroughlineError && failure.code === 'PARCELS_AWAITED');

async function tellDesk(project: Project, effects: Effects): Promise<void> {
  const { writeDeskReport } = await import('./desk-report.js');
  await writeDeskReport(project, project.folders.report, effects);
}

async function reported(project: Project, effects: Effects) {
  const { printSummary, writeReport } = await import('./report.js');
  const night = await writeReport(project, project.folders.report);
  printSummary(project, { night, place: project.folders.report }, effects);
  return countsOf(night);
}

function tell({ stages, looked, posted }: HostNight, { stdout }: Effects): void {
  const made = stages.filter(({ status }) => status === 'made').length;
  const lines = [
    ...looked.map(lookedLine),
    `stages    ${made} made, ${stages.length - made} up to date`,
    ...posted.map(postedLine),
  ];
  stdout(`${lines.join('\n')}\n`);
}

/** @throws ThroughlineError PARCELS_REFUSED; a parcel that came twice harms nobody. */
function requireNoneRefused(looked: readonly Looked[]): void {
  const refused = looked.flatMap((each) => (each.status === 'refused' ? [each] : []));
  const grave = refused.filter(({ failure }) => failure.code !== 'PARCEL_REPLAYED');
  if (grave.length === 0) return;
  throw new ThroughlineError('PARCELS_REFUSED', {
    hosts: grave.map(({ from }) => safeName(from ?? 'unknown')),
    codes: grave.map(({ failure }) => safeName(failure.code)),
  });
}
