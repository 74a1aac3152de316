import { relative } from 'node:path';
import { writeDurably } from '@throughline/engine';
import type { Effects } from '../effects.js';
import { renderLinkage } from '../linkage/page.js';
import { readLinkage } from '../linkage/read-linkage.js';
import { readNight } from '../night/read-night.js';
import type { Project } from '../project/project.js';
import { renderReport } from '../report/page.js';
import { renderSummary } from '../report/summary.js';
import { renderThroughlines } from '../throughline/page.js';
import { readThroughlines } from '../throughline/read.js';

/** Writes the report of the last night and prints its summary. */
export async function report(project: Project, out: string | undefined, effects: Effects): Promise<void> {
  const place = out ?? project.folders.report;
  await writeReport(project, place);
  await printSummary(project, place, effects);
}

/** @throws ThroughlineError ARTIFACT_MISSING if there has been no night, OUTPUT_UNWRITABLE. */
export async function writeReport(project: Project, place: string): Promise<void> {
  await writeDurably(place, renderReport(await readNight(project)));
  await writeDurably(project.folders.linkage, renderLinkage(await readLinkage(project)));
  await writeDurably(project.folders.throughlines, renderThroughlines(await readThroughlines(project)));
}

export async function printSummary(project: Project, place: string, effects: Effects): Promise<void> {
  const from = (path: string) => relative(effects.workingFolder, path) || path;
  const places = { report: from(place), release: from(project.folders.release) };
  effects.stdout(renderSummary(await readNight(project), places));
}
