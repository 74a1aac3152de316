import { basename, join } from 'node:path';
import { APPROVAL_NAMESPACE } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import {
  appendToLog,
  makePrivateFolder,
  readArtifact,
  removeFolder,
  runStage,
  writeDurably,
} from '@throughline/engine';
import { releaseStage } from '@throughline/release';
import { locked } from '../commands/run.js';
import type { Effects } from '../effects.js';
import { logPlace, releaseRequest } from '../pipeline/requests.js';
import type { Project } from '../project/project.js';
import { requireNoneOverdue } from '../rights/holdings.js';
import { completePublication } from './complete.js';
import { publications } from './publications.js';
import { type Asked, REQUEST_FILE, requestFor } from './request.js';
import { type Review, reviewOf, TAKEN_BACK, VOTES_NEEDED } from './state.js';
import { castVote, requireVoter, type Vote } from './votes.js';

export type ReviewOptions = {
  readonly vote?: Vote;
  readonly as?: string;
  readonly reason?: string;
  readonly key?: string;
};

/** Who asks where nobody says so: the night itself. */
const NOBODY = 'nightly';

async function logged(
  project: Project,
  event: 'submitted' | 'voted' | 'taken-back',
  about: { readonly name: string; readonly sha256: string },
  { now, userId }: Effects,
): Promise<void> {
  const of = project.pipeline.pipeline;
  const entry = { event, stage: 'review', of, at: now().toISOString(), outputs: [], about: [about] };
  await appendToLog(logPlace(project), entry, userId);
}

/** Brings the candidate up to date, and asks to publish it. Votes on another candidate are gone with its request. */
export async function submit(
  project: Project,
  { author = NOBODY }: { readonly author?: string },
  effects: Effects,
): Promise<void> {
  await locked(project, effects, async () => {
    const { folders } = project;
    await requireNoneOverdue(project);
    await completePublication(project);
    const published = await publications(project);
    const { status, artifacts } = await runStage(releaseStage, releaseRequest(project, published, effects));
    for (const [kind, sha256] of Object.entries(artifacts)) effects.stdout(`${kind} ${sha256} ${status}\n`);
    const candidate = await readArtifact(folders.release, 'release');
    const before = await reviewOf(project, candidate, published);
    if (before.state === 'pending' || before.state === 'withdrawn') {
      const asked = await requestFor(project, { candidate, published, author });
      await removeFolder(folders.review);
      await makePrivateFolder(folders.review);
      await writeDurably(join(folders.review, REQUEST_FILE), asked.text, 0o644);
      await logged(project, 'submitted', { name: 'request', sha256: asked.sha256 }, effects);
    }
    for (const line of reviewLines(await reviewOf(project, candidate, published)))
      effects.stdout(`${line}\n`);
  });
}

/** Shows where the candidate stands, or casts a vote on it. @throws ThroughlineError RELEASE_NOT_SUBMITTED, USAGE, KEY_* */
export async function review(project: Project, options: ReviewOptions, effects: Effects): Promise<void> {
  await locked(project, effects, async () => {
    const published = await publications(project);
    const candidate = await readArtifact(project.folders.release, 'release');
    const before = await reviewOf(project, candidate, published);
    if (options.vote !== undefined) await vote(project, before, options, effects);
    const after = await reviewOf(project, candidate, published);
    for (const line of reviewLines(after)) effects.stdout(`${line}\n`);
  });
}

async function vote(
  project: Project,
  { asked, state }: Review,
  { vote: word, as, reason, key }: ReviewOptions,
  effects: Effects,
): Promise<void> {
  if (asked === undefined || state === 'withdrawn' || state === 'released')
    throw new ThroughlineError('RELEASE_NOT_SUBMITTED', { state: safeName(state) });
  if (word === undefined || as === undefined)
    throw new ThroughlineError('USAGE', { missing: safeName('--as, the person whose vote it is') });
  requireVoter(project, as);
  const cast = { person: as, vote: word, key, ...(reason === undefined ? {} : { reason }) };
  const place = await castVote(project, asked, cast, effects);
  await logged(project, 'voted', { name: `${word} ${as}`, sha256: asked.sha256 }, effects);
  if (key === undefined)
    effects.stdout(
      `Written: review/votes/${safeName(basename(place))}. It counts once it is signed, in its folder:\n  ssh-keygen -Y sign -n ${APPROVAL_NAMESPACE} -f <your key> ${safeName(basename(place))}\n`,
    );
}

/** Takes the request back: the candidate is not to be published. @throws ThroughlineError RELEASE_NOT_SUBMITTED */
export async function takeBack(project: Project, effects: Effects): Promise<void> {
  await locked(project, effects, async () => {
    const published = await publications(project);
    const candidate = await readArtifact(project.folders.release, 'release');
    const { asked, state } = await reviewOf(project, candidate, published);
    if (asked === undefined || state === 'withdrawn' || state === 'released')
      throw new ThroughlineError('RELEASE_NOT_SUBMITTED', { state: safeName(state) });
    const note = `${JSON.stringify({ request: asked.sha256, on: project.day })}\n`;
    await logged(project, 'taken-back', { name: 'request', sha256: asked.sha256 }, effects);
    await writeDurably(join(project.folders.review, TAKEN_BACK), note);
    for (const line of reviewLines(await reviewOf(project, candidate, published)))
      effects.stdout(`${line}\n`);
  });
}

const requestLines = ({ request, sha256 }: Asked): string[] => [
  `request    ${sha256} by ${request.author}, of ${request.files.length} files`,
  `candidate  ${request.candidate}`,
];

/** The first vote is not told before the second is in, so that nobody votes after another. */
function voteLines({ votes, newShapes, state }: Review): string[] {
  const open = state === 'submitted' || state === 'partially-reviewed';
  if (open && newShapes.length > 0) return [`votes      ${votes.length} of ${VOTES_NEEDED}`];
  return votes.map(
    ({ person, vote: word, reason }) =>
      `vote       ${person}: ${word}${reason === undefined ? '' : ` (${safeName(reason)})`}`,
  );
}

function reviewLines(found: Review): string[] {
  const { state, asked, newShapes } = found;
  if (asked === undefined)
    return [`state      ${state}`, 'request    none: nobody asks to publish the candidate as it lies there'];
  const shapes =
    newShapes.length === 0
      ? ['tables     all of shapes that were approved before: no vote is needed']
      : newShapes.map((table) => `new table  ${safeName(table)}`);
  return [`state      ${state}`, ...requestLines(asked), ...shapes, ...voteLines(found)];
}
