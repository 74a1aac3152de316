import { safeName, ThroughlineError } from '@throughline/core';
import type { Effects } from '../effects.js';
import type { TakenIn } from '../holds/take-in.js';
import { countsOf, remembered } from '../night/runs.js';
import { type SplitProject, splitOf } from '../parcels/ground.js';
import type { Looked } from '../parcels/receive.js';
import { isSplit } from '../project/host.js';
import type { Project } from '../project/project.js';
import { type HostNight, runHostNight } from './host-night.js';
import { lookedLine, postedLine } from './parcels.js';
import { printSummary, writeReport } from './report.js';
import { locked, runNight } from './run.js';

/** The night at this machine: all of it, or the part of the host that it is. */
export const night = (project: Project, effects: Effects): Promise<void> =>
  isSplit(project.here) ? nightAtHost(splitOf(project), effects) : nightOfAll(project, effects);

/** Runs a night, writes the report and prints the summary. @throws ThroughlineError PARTNERS_HELD after all that. */
async function nightOfAll(project: Project, effects: Effects): Promise<void> {
  const { outcome, night: told } = await locked(project, effects, () =>
    remembered(project, effects, async () => {
      const done = await runNight(project, effects);
      const report = await writeReport(project, project.folders.report);
      const held = done.taken.some(({ status }) => status === 'held');
      return { result: { outcome: done, night: report }, ended: { partners: countsOf(report), held } };
    }),
  );
  const { stages: outcomes, taken } = outcome;
  const current = outcomes.filter(({ status }) => status === 'current').length;
  if (current === outcomes.length)
    effects.stdout('Nothing has changed since the last run: every stage was up to date.\n\n');
  else if (current > 0) effects.stdout(`${current} of ${outcomes.length} stages were up to date.\n\n`);
  printSummary(project, { night: told, place: project.folders.report }, effects);
  requireNoneHeld(taken);
}

/**
 * Runs the part of a host and says what came, what was done and what went.
 *
 * @throws ThroughlineError PARCELS_AWAITED, PARTNERS_HELD, PARCELS_REFUSED after all that.
 */
async function nightAtHost(split: SplitProject, effects: Effects): Promise<void> {
  const { project } = split;
  const { taken, looked } = await locked(project, effects, () =>
    remembered(project, effects, async () => {
      const result = await runHostNight(split, effects);
      tell(result, effects);
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

async function reported(project: Project, effects: Effects) {
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

/** @throws ThroughlineError PARTNERS_HELD */
function requireNoneHeld(taken: readonly TakenIn[]): void {
  const held = taken.filter((each) => each.status === 'held');
  if (held.length === 0) return;
  throw new ThroughlineError('PARTNERS_HELD', {
    holds: held.map(({ hold }) => safeName(hold.id)),
    codes: held.map(({ failure }) => safeName(failure.code)),
  });
}
