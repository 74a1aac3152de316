import { safeName, ThroughlineError } from '@throughline/core';
import type { Effects } from '../effects.js';
import type { TakenIn } from '../holds/take-in.js';
import { readNight } from '../night/read-night.js';
import { countsOf, remembered } from '../night/runs.js';
import type { Project } from '../project/project.js';
import { writeReport } from './report.js';
import { locked, runNight } from './run.js';

/** Runs a night, writes the report and prints the summary. @throws ThroughlineError PARTNERS_HELD after all that. */
export async function night(project: Project, effects: Effects): Promise<void> {
  const { stages: outcomes, taken } = await locked(project, effects, () =>
    remembered(project, effects, async () => {
      const result = await runNight(project, effects);
      await writeReport(project, project.folders.report);
      const partners = countsOf(await readNight(project));
      return { result, ended: { partners, held: result.taken.some(({ status }) => status === 'held') } };
    }),
  );
  const current = outcomes.filter(({ status }) => status === 'current').length;
  if (current === outcomes.length)
    effects.stdout('Nothing has changed since the last run: every stage was up to date.\n\n');
  else if (current > 0) effects.stdout(`${current} of ${outcomes.length} stages were up to date.\n\n`);
  const { printSummary } = await import('./report.js');
  await printSummary(project, project.folders.report, effects);
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
