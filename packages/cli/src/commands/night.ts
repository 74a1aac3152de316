import { safeName, ThroughlineError } from '@throughline/core';
import type { Effects } from '../effects.js';
import type { TakenIn } from '../holds/take-in.js';
import { countsOf, remembered } from '../night/runs.js';
import type { Project } from '../project/project.js';
import { printSummary, writeReport } from './report.js';
import { locked, runNight } from './run.js';

/** Runs a night, writes the report and prints the summary. @throws ThroughlineError PARTNERS_HELD after all that. */
export async function night(project: Project, effects: Effects): Promise<void> {
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

/** @throws ThroughlineError PARTNERS_HELD */
function requireNoneHeld(taken: readonly TakenIn[]): void {
  const held = taken.filter((each) => each.status === 'held');
  if (held.length === 0) return;
  throw new ThroughlineError('PARTNERS_HELD', {
    holds: held.map(({ hold }) => safeName(hold.id)),
    codes: held.map(({ failure }) => safeName(failure.code)),
  });
}
