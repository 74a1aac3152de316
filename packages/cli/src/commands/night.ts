import { readText, writeDurably } from '@throughline/engine';
import type { Effects } from '../effects.js';
import { requireNoneHeld } from '../holds/take-in.js';
import { keepHouse } from '../housekeeping/keep-house.js';
import { roomFor } from '../night/room.js';
import { countsOf, type Ended, type NightRun, remembered } from '../night/runs.js';
import { toldFrom } from '../night/told.js';
import { isSplit } from '../project/host.js';
import type { Project } from '../project/project.js';
import { locked, type NightOutcome, runNight } from './run.js';

/** The night at this machine: all of it, or the part of the host that it is; only that needs what parcels are made with. */
export async function night(project: Project, effects: Effects): Promise<void> {
  if (!isSplit(project.here)) return nightOfAll(project, effects);
  const { nightAtHost } = await import('./night-at-host.js');
  return nightAtHost(project, effects);
}

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
