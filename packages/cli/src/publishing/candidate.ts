import { join } from 'node:path';
import { type ReleaseTerms, releaseTerms } from '@throughline/agreement';
import { openSession, type ReadArtifact, removeFolder, type Session } from '@throughline/engine';
import {
  type LedgerRelease,
  type PrintedRelease,
  readEquations,
  readPrintedRelease,
} from '@throughline/release';
import { releaseConfigOf } from '../pipeline/requests.js';
import type { Project } from '../project/project.js';

/** What governs the release of a project today. @throws ThroughlineError of exit status 10. */
export const termsOfRelease = (project: Project): ReleaseTerms =>
  releaseTerms(project.documents, { ...releaseConfigOf(project), day: project.day });

async function reading<T>(
  { folder }: ReadArtifact,
  { folders, pipeline }: Project,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const spill = join(folders.work, 'publishing');
  const session = await openSession({ folders: [folder], spill, ...pipeline.limits });
  try {
    return await work(session);
  } finally {
    session.close();
    await removeFolder(spill);
  }
}

export const printedIn = (release: ReadArtifact<'release'>, project: Project): Promise<PrintedRelease> =>
  reading(release, project, (session) => readPrintedRelease(release, session));

export const equationsIn = (equations: ReadArtifact<'equations'>, project: Project): Promise<LedgerRelease> =>
  reading(equations, project, (session) => readEquations(equations, session));
