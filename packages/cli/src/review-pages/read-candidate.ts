import { join } from 'node:path';
import { documentOf } from '@throughline/agreement';
import { openSession, type ReadArtifact, removeFolder } from '@throughline/engine';
import { cellsOf } from '../night/cells.js';
import type { Project } from '../project/project.js';
import { publications } from '../publishing/publications.js';
import { filesOf } from '../publishing/request.js';
import { reviewOf, VOTES_NEEDED } from '../publishing/state.js';
import { votersOf } from '../publishing/votes.js';
import type { CandidateUnderReview, TableUnderReview } from './desk.js';

type Release = ReadArtifact<'release'>;

/** The release candidate beside the latest release that is out. @throws ThroughlineError ARTIFACT_*, LOG_*, RELEASE_* */
export async function readCandidate(project: Project, release: Release): Promise<CandidateUnderReview> {
  const published = await publications(project);
  const { state, asked, votes } = await reviewOf(project, release, published);
  const latest = published.findLast(({ recalled }) => !recalled);
  const emou = documentOf(project.documents.emous, project.pipeline.emou, 'emou').document;
  const seen = new Map(asked?.request.shapes.map(({ table, seen_before }) => [table, seen_before]));
  return {
    state,
    sha256: release.sha256,
    request: asked?.sha256,
    author: asked?.request.author,
    votes: votes.length,
    votesNeeded: VOTES_NEEDED,
    voters: votersOf(emou).map(({ person }) => person),
    files: filesOf(release),
    tables: await tablesOf(project, { release, latest: latest?.release, seen }),
    latest: latest?.number,
  };
}

type Compared = {
  readonly release: Release;
  readonly latest: Release | undefined;
  readonly seen: ReadonlyMap<string, boolean>;
};

async function tablesOf(
  { folders, pipeline }: Project,
  { release, latest, seen }: Compared,
): Promise<TableUnderReview[]> {
  const spill = join(folders.work, 'review-pages');
  const read = [release.folder, ...(latest === undefined ? [] : [latest.folder])];
  const session = await openSession({ folders: read, spill, ...pipeline.limits });
  try {
    const before = latest === undefined ? [] : await cellsOf(latest, session);
    return (await cellsOf(release, session)).map(({ name, cells, withheld }) => {
      const isSeen = seen.get(name);
      return {
        name,
        cells,
        withheld,
        before: before.find((table) => table.name === name),
        isNew: isSeen === undefined ? undefined : !isSeen,
      };
    });
  } finally {
    session.close();
    await removeFolder(spill);
  }
}
