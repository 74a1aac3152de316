import { join } from 'node:path';
import { exists, readText, writeDurably } from '@throughline/engine';
import { parsedFile } from '../holds/hold-records.js';
import type { Project } from '../project/project.js';
import { changesBetween } from '../report/changes.js';
import type { Night, NightChanges } from '../report/night.js';
import { type ReportedFile, reportedFile, reportedOf, rolled } from '../report/reported.js';

const fileOf = ({ folders }: Project): string => join(folders.state, 'reported.json');

async function fileWith(project: Project, night: Omit<Night, 'changes'>): Promise<ReportedFile> {
  const path = fileOf(project);
  const file = (await exists(path))
    ? parsedFile(await readText(path), reportedFile, 'reported.json')
    : undefined;
  return rolled(file, reportedOf(night));
}

/** What has changed since an earlier report. @throws ThroughlineError CONFIG_UNREADABLE, CONFIG_INVALID */
export async function changesSince(project: Project, night: Omit<Night, 'changes'>): Promise<NightChanges> {
  const { before, latest } = await fileWith(project, night);
  return changesBetween(before, latest);
}

/** Keeps what the next report is compared with. @throws ThroughlineError OUTPUT_UNWRITABLE */
export const rememberReport = async (project: Project, night: Night): Promise<void> =>
  writeDurably(fileOf(project), `${JSON.stringify(await fileWith(project, night), undefined, 2)}\n`);
