import { join } from 'node:path';
import { safeName, ThroughlineError } from '@throughline/core';
import { appendToLog, copyFolder, makePrivateFolder, readArtifact, removeFolder } from '@throughline/engine';
import { loadSolver, printsAnew, type ReleaseCheck, releaseChecks } from '@throughline/release';
import { locked } from '../commands/run.js';
import type { Effects } from '../effects.js';
import { logPlace } from '../pipeline/requests.js';
import type { Project } from '../project/project.js';
import { keepFrozen } from '../rights/frozen.js';
import { writeEvidence } from '../verify/evidence.js';
import { equationsIn, printedIn, termsOfRelease } from './candidate.js';
import { checksBefore, type Ground, type Verdict } from './checks.js';
import { completePublication, requireLastCosigned } from './complete.js';
import { type Publication, publications, stagingOf } from './publications.js';
import { requireSettled } from './settled.js';
import { reviewOf } from './state.js';

type Checked = { readonly check: ReleaseCheck; readonly verdict: Verdict | 'failed' };

/** The release that is being published: its number, what is known of it, and the verdicts so far. */
type Publishing = { readonly number: number; readonly ground: Ground; readonly checks: Checked[] };

/**
 * Publishes the candidate as the next numbered release, if it passes every check in order. Each verdict is printed
 * and logged, that of a refusal too. The release appears whole, once the log has it on the disk and witnesses have
 * cosigned the log; where they do so later, the next call lets it appear.
 *
 * @throws ThroughlineError as the check that refuses; RELEASE_NOT_COSIGNED, RELEASE_NOT_SETTLED, RELEASE_LEDGER_BROKEN, RELEASE_TOO_SOON, ARTIFACT_*.
 */
export async function publish(project: Project, effects: Effects): Promise<void> {
  await locked(project, effects, async () => {
    const appeared = await completePublication(project);
    if (appeared !== undefined) {
      effects.stdout(`release ${appeared} has appeared\n  ${placeOf(appeared)}\n`);
      return;
    }
    const published = await publications(project);
    const ground = await groundOf(project, published);
    const publishing = { number: published.length + 1, ground, checks: [] };
    await passBefore(publishing, effects);
    await prepare(project, publishing, effects);
    await appendEntry(publishing, 'published', effects);
    await requireLastCosigned(project);
    tell(publishing, { check: 'log', verdict: 'passed' }, effects);
    await completePublication(project);
    tell(publishing, { check: 'in-place', verdict: 'passed' }, effects);
    effects.stdout(
      `release ${publishing.number} sha256 ${ground.candidate.sha256}\n  ${placeOf(publishing.number)}\n`,
    );
  });
}

const placeOf = (number: number) => safeName(`published/${number}/release`);

async function groundOf(project: Project, published: readonly Publication[]): Promise<Ground> {
  const { folders } = project;
  const candidate = await readArtifact(folders.release, 'release');
  const equations = await readArtifact(folders.equations, 'equations');
  const standing = published.filter(({ recalled }) => !recalled);
  const earlier = [];
  for (const { release } of standing) earlier.push(await printedIn(release, project));
  const ledger = [];
  for (const each of published) ledger.push(await equationsIn(each.equations, project));
  const ground = {
    project,
    candidate,
    printed: await printedIn(candidate, project),
    earlier,
    equations: await equationsIn(equations, project),
    ledger,
    review: await reviewOf(project, candidate, published),
    solver: await loadSolver(),
  };
  requireSettled(termsOfRelease(project), { last: project.measuring.period.to, day: project.day });
  requireAnotherDay(ground);
  return ground;
}

/** Numbers of one day are of one night: whoever reads two releases must be able to tell what adds up. */
function requireAnotherDay({ ledger, equations }: Ground): void {
  const anew = [...equations.standing].flatMap(([label, of]) => (of === ledger.length ? [label] : []));
  const days = new Set(anew.flatMap((label) => equations.asOf.get(label) ?? []));
  const again = ledger.some(({ asOf }) => [...asOf.values()].some((day) => days.has(day)));
  if (again && printsAnew(ledger, equations)) throw new ThroughlineError('RELEASE_TOO_SOON');
}

const tell = (publishing: Publishing, checked: Checked, { emit, stdout }: Effects): void => {
  publishing.checks.push(checked);
  const number = 1 + releaseChecks.findIndex(({ check }) => check === checked.check);
  emit({ event: 'release.check', number, check: safeName(checked.check), verdict: checked.verdict });
  stdout(`${String(number).padStart(2)} ${checked.check.padEnd(14)} ${checked.verdict}\n`);
};

/** @throws ThroughlineError as the first check that refuses, once that is logged. */
async function passBefore(publishing: Publishing, effects: Effects): Promise<void> {
  for (const [check, run] of checksBefore) {
    try {
      tell(publishing, { check, verdict: await run(publishing.ground) }, effects);
    } catch (thrown) {
      tell(publishing, { check, verdict: 'failed' }, effects);
      await appendEntry(publishing, 'refused', effects);
      throw thrown;
    }
  }
}

/** Whatever is to appear lies on the disk before the log says so. */
async function prepare(project: Project, { ground }: Publishing, effects: Effects): Promise<void> {
  const { folders } = project;
  const staging = stagingOf(project);
  await keepFrozen(project, ground.candidate, effects);
  await removeFolder(staging.folder);
  await makePrivateFolder(staging.folder);
  await makePrivateFolder(staging.release);
  await copyFolder(folders.release, join(staging.release, 'release'));
  await copyFolder(folders.review, join(staging.release, 'review'));
  await writeEvidence(project, join(staging.release, 'evidence'));
  await copyFolder(folders.equations, staging.equations);
}

async function appendEntry(
  { number, ground, checks }: Publishing,
  event: 'published' | 'refused',
  { now, userId }: Effects,
): Promise<void> {
  const { project, candidate, review } = ground;
  const equations = await readArtifact(project.folders.equations, 'equations');
  await appendToLog(
    logPlace(project),
    {
      event,
      stage: 'publish',
      of: project.pipeline.pipeline,
      at: now().toISOString(),
      outputs: [],
      about: [
        { name: 'release', sha256: candidate.sha256 },
        { name: 'equations', sha256: equations.sha256 },
        ...(review.asked === undefined ? [] : [{ name: 'request', sha256: review.asked.sha256 }]),
      ],
      release: number,
      checks,
    },
    userId,
  );
}
