import { basename, join } from 'node:path';
import { openSession, readArtifact, readArtifactIfThere, removeFolder } from '@throughline/engine';
import { type Effects, SOFTWARE } from '../effects.js';
import type { Project } from '../project/project.js';
import type { DeskNight } from '../report/desk-night.js';
import { agreementsOf, candidateOf, measuresOf, ruleOf } from './read-candidate.js';
import { standings } from './standing.js';

/**
 * Reads what the report of a desk on a host of its own shows.
 *
 * @param awaited what has to come before the desk can count.
 * @throws ThroughlineError ARTIFACT_*, RELEASE_LEDGER_BROKEN, LOG_*.
 */
export async function readDeskNight(
  project: Project,
  awaited: readonly string[],
  effects: Effects,
): Promise<DeskNight> {
  const partners = await standings(project, effects);
  return {
    city: project.pipeline.city,
    file: basename(project.file),
    synthetic: project.pipeline.synthetic,
    day: project.day,
    software: SOFTWARE,
    agreements: agreementsOf(project),
    release: ruleOf(project),
    partners: partners.map(({ partner, light, why }) => ({ name: partner, light, why })),
    awaited,
    ...(await countedBy(project)),
  };
}

async function countedBy(project: Project): Promise<Pick<DeskNight, 'measures' | 'candidate'>> {
  const { folders } = project;
  const release = await readArtifactIfThere(folders.release, 'release');
  if (release === undefined) return { measures: [], candidate: null };
  const measures = await readArtifact(folders.measures, 'measures');
  const spill = join(folders.work, 'report');
  const limits = { memory: '1GB', threads: 1 };
  const session = await openSession({ folders: [folders.state], spill, ...limits });
  try {
    return {
      measures: await measuresOf(project, { release, measures }, session),
      candidate: await candidateOf(project, release),
    };
  } finally {
    session.close();
    await removeFolder(spill);
  }
}
