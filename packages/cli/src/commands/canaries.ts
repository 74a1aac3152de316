import { join } from 'node:path';
import { safeName, ThroughlineError } from '@throughline/core';
import { openSession, readArtifact, removeFolder } from '@throughline/engine';
import type { Effects } from '../effects.js';
import { type CanaryReport, canaryReport } from '../linkage/canaries.js';
import { planting } from '../pipeline/requests.js';
import type { Project } from '../project/project.js';

/**
 * Prints as JSON how the canaries of a partner were linked last night: for that partner, who alone knows them.
 *
 * @throws ThroughlineError USAGE (a partner that plants none), ARTIFACT_MISSING.
 */
export async function canaries(
  project: Project,
  { partner }: { readonly partner: string },
  { stdout }: Effects,
): Promise<void> {
  if (!planting(project).some(({ name }) => name === partner)) {
    throw new ThroughlineError('USAGE', {
      partner: safeName(partner),
      expected: safeName('a partner that plants canaries'),
    });
  }
  stdout(`${JSON.stringify(await reportOf(project, partner), undefined, 2)}\n`);
}

async function reportOf({ folders }: Project, partner: string): Promise<CanaryReport> {
  const artifacts = {
    canaries: await readArtifact(folders.partner(partner, 'canaries'), 'canaries'),
    people: await readArtifact(folders.people, 'people'),
  };
  const spill = join(folders.work, 'canaries');
  const session = await openSession({ folders: [folders.state], spill, memory: '500MB', threads: 1 });
  try {
    return await canaryReport(session, artifacts);
  } finally {
    session.close();
    await removeFolder(spill);
  }
}
