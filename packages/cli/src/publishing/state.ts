import { join } from 'node:path';
import { exists, type ReadArtifact } from '@throughline/engine';
import type { Project } from '../project/project.js';
import type { Publication } from './publications.js';
import { type Asked, filesOf, readRequest } from './request.js';
import { type Cast, votesOn } from './votes.js';

/** How many people must approve a table of a new shape. */
export const VOTES_NEEDED = 2;

export const TAKEN_BACK = 'taken-back.json';

/** Where a candidate stands on its way out. */
export type ReviewState =
  | 'pending'
  | 'submitted'
  | 'partially-reviewed'
  | 'reviewed'
  | 'approved'
  | 'released'
  | 'returned'
  | 'rejected'
  | 'withdrawn';

export type Review = {
  readonly state: ReviewState;
  /** Undefined where nobody asked to publish the candidate as it lies there. */
  readonly asked: Asked | undefined;
  readonly votes: readonly Cast[];
  /** Tables whose shape nobody has approved yet. */
  readonly newShapes: readonly string[];
};

const isAbout = (asked: Asked, candidate: ReadArtifact<'release'>): boolean =>
  asked.request.candidate === candidate.sha256 &&
  JSON.stringify(asked.request.files) === JSON.stringify(filesOf(candidate));

function stateOf(votes: readonly Cast[], isNew: boolean): ReviewState {
  const said = new Set(votes.map(({ vote }) => vote));
  const approving = votes.filter(({ vote }) => vote === 'approve').length;
  if (votes.length >= VOTES_NEEDED || !isNew) {
    if (said.has('reject')) return 'rejected';
    if (said.has('return')) return 'returned';
    return approving >= VOTES_NEEDED || !isNew ? 'approved' : 'reviewed';
  }
  return votes.length === 0 ? 'submitted' : 'partially-reviewed';
}

/**
 * Where the candidate stands. A request is about the exact files that people saw: once one has changed, the candidate
 * is pending again and every vote is of the past.
 */
export async function reviewOf(
  project: Project,
  candidate: ReadArtifact<'release'>,
  published: readonly Publication[],
): Promise<Review> {
  const { review } = project.folders;
  const asked = await readRequest(review);
  const none = { votes: [], newShapes: [] };
  if (asked === undefined || !isAbout(asked, candidate))
    return { state: 'pending', asked: undefined, ...none };
  const votes = await votesOn(project, review, asked);
  const newShapes = asked.request.shapes.flatMap(({ table, seen_before }) => (seen_before ? [] : [table]));
  const found = { asked, votes, newShapes };
  if (published.some(({ release }) => release.sha256 === candidate.sha256))
    return { state: 'released', ...found };
  if (await exists(join(review, TAKEN_BACK))) return { state: 'withdrawn', ...found };
  return { state: stateOf(votes, newShapes.length > 0), ...found };
}
