import { relative } from 'node:path';
import { writeDurably } from '@throughline/engine';
import type { Effects } from '../effects.js';
import { renderLinkage } from '../linkage/page.js';
import { readLinkage } from '../linkage/read-linkage.js';
import { readNight } from '../night/read-night.js';
import { rememberReport } from '../night/reports.js';
import { requireRole } from '../project/host.js';
import type { Project } from '../project/project.js';
import type { Night } from '../report/night.js';
import { renderReport } from '../report/page.js';
import { renderSummary } from '../report/summary.js';
import { renderThroughlines } from '../throughline/page.js';
import { readThroughlines } from '../throughline/read.js';

/** Writes the report of the last night and prints its summary. */
export async function report(project: Project, out: string | undefined, effects: Effects): Promise<void> {
  requireRole(project.here, 'linkage-unit');
  requireRole(project.here, 'analyst-desk');
  const place = out ?? project.folders.report;
  printSummary(project, { night: await writeReport(project, place), place }, effects);
}

/** @throws ThroughlineError ARTIFACT_MISSING if there has been no night, OUTPUT_UNWRITABLE. */
export async function writeReport(project: Project, place: string): Promise<Night> {
  const night = await readNight(project);
  await writeDurably(place, renderReport(night));
  await rememberReport(project, night);
  await writeDurably(project.folders.linkage, renderLinkage(await readLinkage(project)));
  await writeDurably(project.folders.throughlines, renderThroughlines(await readThroughlines(project)));
  return night;
}

export function printSummary(
  { folders }: Project,
  { night, place }: { readonly night: Night; readonly place: string },
  { stdout, workingFolder }: Effects,
): void {
  const from = (path: string) => relative(workingFolder, path) || path;
  stdout(renderSummary(night, { report: from(place), release: from(folders.release) }));
}
