import { join } from 'node:path';
import { openSession, readArtifact, removeFolder } from '@throughline/engine';
import type { Project } from '../project/project.js';
import type { Night } from '../report/night.js';
import { chainsOf } from './chains.js';
import type { ThroughlinePage } from './page.js';
import { fieldUses, pairRates } from './process.js';

/** What the page of throughlines shows of a night, from it and its artifacts. @throws ThroughlineError ARTIFACT_* */
export async function readThroughlines(project: Project, night: Night): Promise<ThroughlinePage> {
  const { folders } = project;
  const people = await readArtifact(folders.people, 'people');
  const spill = join(folders.work, 'throughlines');
  const session = await openSession({ folders: [folders.state], spill, memory: '1GB', threads: 1 });
  try {
    return {
      night,
      chains: chainsOf(project, night),
      pairs: await pairRates(people.table('people'), session),
      fields: fieldUses(project),
    };
  } finally {
    session.close();
    await removeFolder(spill);
  }
}
