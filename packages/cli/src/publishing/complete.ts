import { join } from 'node:path';
import { exists, makePrivateFolder, removeFolder, replaceFolder } from '@throughline/engine';
import type { Project } from '../project/project.js';
import { requireCosigned } from './cosigned.js';
import { lastLogged, stagingOf } from './publications.js';

/** @throws ThroughlineError RELEASE_NOT_COSIGNED, LOG_* */
export async function requireLastCosigned(project: Project): Promise<void> {
  const logged = await lastLogged(project);
  if (logged !== undefined) await requireCosigned(project, logged.index);
}

/**
 * Renames into place what the log says is published, also where the software was killed between the entry and the
 * rename, or witnesses have cosigned it since. What was prepared and never logged goes.
 *
 * @returns the number of the release that has appeared; undefined if none has.
 * @throws ThroughlineError RELEASE_NOT_COSIGNED where witnesses are missing; then it stays prepared. LOG_*
 */
export async function completePublication(project: Project): Promise<number | undefined> {
  const staging = stagingOf(project);
  if (!(await exists(staging.folder))) return undefined;
  const logged = await lastLogged(project);
  const appears = logged === undefined ? undefined : await isPrepared(project, logged.number);
  if (logged !== undefined && appears === true) {
    await requireCosigned(project, logged.index);
    for (const [from, to] of placesOf(project, logged.number)) {
      if ((await exists(to)) || !(await exists(from))) continue;
      await makePrivateFolder(join(to, '..'));
      await replaceFolder(from, to);
    }
  }
  await removeFolder(staging.folder);
  return appears === true ? logged?.number : undefined;
}

const placesOf = (project: Project, number: number) => {
  const { folders } = project;
  const staging = stagingOf(project);
  return [
    [staging.equations, join(folders.ledger, String(number))],
    [staging.release, join(folders.published, String(number))],
  ] as const;
};

/** Whether anything of a release that the log has still lies where it was prepared. */
async function isPrepared(project: Project, number: number): Promise<boolean> {
  for (const [from, to] of placesOf(project, number))
    if ((await exists(from)) && !(await exists(to))) return true;
  return false;
}
