import { relative } from 'node:path';
import { writeDurably } from '@throughline/engine';
import { visible } from '@throughline/pages';
import type { Effects } from '../effects.js';
import { readDeskNight } from '../night/read-desk-night.js';
import type { Project } from '../project/project.js';
import { renderDeskReport } from '../report/desk-page.js';
import { awaitedAtDesk } from './host-night.js';

/** Writes the report of a desk on a host of its own, and says where. @throws ThroughlineError ARTIFACT_*, OUTPUT_UNWRITABLE */
export async function writeDeskReport(project: Project, place: string, effects: Effects): Promise<void> {
  const night = await readDeskNight(project, await awaitedAtDesk(project), effects);
  await writeDurably(place, renderDeskReport(night));
  effects.stdout(`report    ${visible(relative(effects.workingFolder, place) || place)}\n`);
}
