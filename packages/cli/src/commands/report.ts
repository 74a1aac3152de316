import { relative } from 'node:path';
import { writeDurably } from '@throughline/engine';
import type { Effects } from '../effects.js';
import { renderLinkage } from '../linkage/page.js';
import { readLinkage } from '../linkage/read-linkage.js';
import { readNight } from '../night/read-night.js';
import { rememberReport } from '../night/reports.js';
import { isDeskAlone, requireRole } from '../project/host.js';
import type { Project } from '../project/project.js';
import type { Night } from '../report/night.js';
import { renderReport } from '../report/page.js';
import { renderSummary } from '../report/summary.js';
import { renderThroughlines } from '../throughline/page.js';
import { readThroughlines } from '../throughline/read.js';

/** Writes the report of the last night and prints its summary; at a desk on a host of its own, what that knows. */
export async function report(project: Project, out: string | undefined, effects: Effects): Promise<void> {
  requireRole(project.here, 'analyst-desk');
  const place = out ?? project.folders.report;
  if (isDeskAlone(project.here)) {
    const { writeDeskReport } = await import('./desk-report.js');
    return writeDeskReport(project, place, effects);
  }
  printSummary(project, { night: await writeReport(project, place), place }, effects);
}

/** @throws ThroughlineError ARTIFACT_MISSING if there has been no night, OUTPUT_UNWRITABLE. */
export async function writeReport(project: Project, place: string): Promise<Night> {
  const night = await readNight(project);
  await writeDurably(place, renderReport(night));
  await rememberReport(project, night);
  await writeDurably(project.folders.linkage, renderLinkage(await readLinkage(project)));
  await writeDurably(
    project.folders.throughlines,
    renderThroughlines(await readThroughlines(project, night)),
  );
  return night;
}

type Told = { readonly night: Night; readonly place: string };

export function printSummary(project: Project, told: Told, effects: Effects): void {
  effects.stdout(summaryOf(project, told, effects));
}

/** The summary of a night, with the places of its report and its release from where the reader is. */
export function summaryOf({ folders }: Project, { night, place }: Told, { workingFolder }: Effects): string {
  const from = (path: string) => relative(workingFolder, path) || path;
  return renderSummary(night, { report: from(place), release: from(folders.release) });
}
