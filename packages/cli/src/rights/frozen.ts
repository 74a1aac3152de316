import { join } from 'node:path';
import { safeName, ThroughlineError } from '@throughline/core';
import {
  copyFolder,
  makePrivateFolder,
  namesIn,
  type ReadArtifact,
  readArtifact,
  readArtifactIfThere,
  removeFolder,
  runStage,
} from '@throughline/engine';
import { freezeStage } from '@throughline/release';
import { locked } from '../commands/run.js';
import type { Effects } from '../effects.js';
import { freezeRequest } from '../pipeline/requests.js';
import type { Project } from '../project/project.js';
import { writeEvidence } from '../verify/evidence.js';

/** A release that is kept as it was: `release`, and `counted`, without which it does not exist. */
export type FrozenRelease = {
  readonly number: number;
  /** The day of the run that made it. */
  readonly on: string;
  readonly sha256: string;
  readonly folder: string;
};

/** Every frozen release, in order of number. */
export async function frozenReleases({ folders }: Project): Promise<FrozenRelease[]> {
  const found: FrozenRelease[] = [];
  for (const name of await namesIn(folders.frozen)) {
    const folder = join(folders.frozen, name);
    if (!/^[1-9][0-9]*$/.test(name)) continue;
    if ((await readArtifactIfThere(join(folder, 'counted'), 'frozen')) === undefined) continue;
    const release = await readArtifact(join(folder, 'release'), 'release');
    const on = release.manifest.run.startedAt.slice(0, 10);
    found.push({ number: Number(name), on, sha256: release.sha256, folder });
  }
  return found.toSorted((one, other) => one.number - other.number);
}

/**
 * Keeps the candidate as the next numbered release, with whom it counted. Whether it may be published is another
 * question; what is published is one that is frozen.
 *
 * @throws ThroughlineError ARTIFACT_*, RELEASE_FROZEN (the candidate is frozen already).
 */
export async function freeze(project: Project, effects: Effects): Promise<void> {
  await locked(project, effects, async () => {
    const candidate = await readArtifact(project.folders.release, 'release');
    const { number, made } = await keepFrozen(project, candidate, effects);
    if (!made) throw new ThroughlineError('RELEASE_FROZEN', { release: number });
    effects.stdout(
      `release ${number} sha256 ${candidate.sha256}\n  ${safeName(`frozen/${number}/release`)}\n`,
    );
  });
}

/** Freezes the candidate unless it is; the project's lock is held. */
export async function keepFrozen(
  project: Project,
  candidate: ReadArtifact<'release'>,
  effects: Effects,
): Promise<{ readonly number: number; readonly made: boolean }> {
  const before = await frozenReleases(project);
  const same = before.find(({ sha256 }) => sha256 === candidate.sha256);
  if (same !== undefined) return { number: same.number, made: false };
  const number = (before.at(-1)?.number ?? 0) + 1;
  const folder = join(project.folders.frozen, String(number));
  await removeFolder(folder);
  await makePrivateFolder(folder);
  await copyFolder(project.folders.release, join(folder, 'release'));
  await runStage(freezeStage, freezeRequest(project, { number, frozen: join(folder, 'counted') }, effects));
  await writeEvidence(project, join(folder, 'evidence'));
  return { number, made: true };
}
