import { safeName, ThroughlineError } from '@throughline/core';
import { readText, writeDurably } from '@throughline/engine';
import type { Effects } from '../effects.js';
import type { TakenIn } from '../holds/take-in.js';
import { keepHouse } from '../housekeeping/keep-house.js';
import { roomFor } from '../night/room.js';
import { countsOf, type Ended, type NightRun, remembered } from '../night/runs.js';
import { toldFrom } from '../night/told.js';
import { type SplitProject, splitOf } from '../parcels/ground.js';
import type { Looked } from '../parcels/receive.js';
import { isSplit } from '../project/host.js';
import type { Project } from '../project/project.js';
import { type HostNight, runHostNight } from './host-night.js';
import { lookedLine, postedLine } from './parcels.js';
import { locked, type NightOutcome, runNight } from './run.js';

/** The night at this machine: all of it, or the part of the host that it is. */
export const night = (project: Project, effects: Effects): Promise<void> =>
  isSplit(project.here) ? nightAtHost(splitOf(project), effects) : nightOfAll(project, effects);

/**
 * Runs a night, writes the report and prints the summary, which lies beside it as a text too.
 *
 * @throws ThroughlineError DISK_SHORT, MEMORY_SHORT before anything is begun; PARTNERS_HELD after all that.
 */
async function nightOfAll(project: Project, effects: Effects): Promise<void> {
  const { stages: outcomes, taken } = await locked(project, effects, () =>
    remembered(project, effects, async (last) => {
      await roomFor(project.pipeline, project.folders, effects.host);
      const result = await runNight(project, effects);
      await keepHouse(project, effects);
      return { result, ended: await told(project, { last, result }, effects) };
    }),
  );
  const current = outcomes.filter(({ status }) => status === 'current').length;
  if (current === outcomes.length)
    effects.stdout('Nothing has changed since the last run: every stage was up to date.\n\n');
  else if (current > 0) effects.stdout(`${current} of ${outcomes.length} stages were up to date.\n\n`);
  effects.stdout(await readText(project.folders.summary));
  requireNoneHeld(taken);
}

type Telling = { readonly last: NightRun | undefined; readonly result: NightOutcome };

/** Writes the pages of a night, unless those of the run before tell the same. */
async function told(project: Project, { last, result }: Telling, effects: Effects): Promise<Ended> {
  const held = result.taken.some(({ status }) => status === 'held');
  if (last?.told !== undefined && last.told === (await toldFrom(project, result.stages, effects)))
    return { held, partners: last.partners, told: last.told };
  const partners = await writePages(project, effects);
  return { held, partners, told: await toldFrom(project, result.stages, effects) };
}

/** What writes pages opens the database, so that it is loaded only where something is to be told. */
async function writePages(project: Project, effects: Effects): Promise<NightRun['partners']> {
  const { summaryOf, writeReport } = await import('./report.js');
  const { report: place, summary } = project.folders;
  const night = await writeReport(project, place);
  await writeDurably(summary, summaryOf(project, { night, place }, effects));
  return countsOf(night);
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
      await roomFor(project.pipeline, project.folders, effects.host);
      const result = await runHostNight(split, effects);
      await keepHouse(project, effects);
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

/** @throws ThroughlineError PARTNERS_HELD */
function requireNoneHeld(taken: readonly TakenIn[]): void {
  const held = taken.filter((each) => each.status === 'held');
  if (held.length === 0) return;
  throw new ThroughlineError('PARTNERS_HELD', {
    holds: held.map(({ hold }) => safeName(hold.id)),
    codes: held.map(({ failure }) => safeName(failure.code)),
  });
}
