import type { Effects } from '../effects.js';
import type { Project } from '../project/project.js';
import { writeReport } from './report.js';
import { locked, runNight } from './run.js';

/** Runs a night, writes the report and prints the summary. */
export async function night(project: Project, effects: Effects): Promise<void> {
  const outcomes = await locked(project, effects, async () => {
    const stages = await runNight(project, effects);
    await writeReport(project, project.folders.report);
    return stages;
  });
  const current = outcomes.filter(({ status }) => status === 'current').length;
  if (current === outcomes.length)
    effects.stdout('Nothing has changed since the last run: every stage was up to date.\n\n');
  else if (current > 0) effects.stdout(`${current} of ${outcomes.length} stages were up to date.\n\n`);
  const { printSummary } = await import('./report.js');
  await printSummary(project, project.folders.report, effects);
}
