import { join } from 'node:path';
import { exists, makePrivateFolder, removeFolder, replaceFolder } from '@throughline/engine';
import type { Project } from '../project/project.js';
import { lastLogged } from './publications.js';

/** What is prepared before the log entry, and renamed into place after it. */
export const stagingOf = ({ folders }: Project) => {
  const folder = join(folders.state, 'desk', 'publishing');
  return { folder, release: join(folder, 'public'), equations: join(folder, 'equations') };
};

/**
 * Renames into place what the log says is published, also where the software was killed between the entry and the
 * rename. What was prepared and never logged goes.
 */
export async function completePublication(project: Project): Promise<void> {
  const { folders } = project;
  const staging = stagingOf(project);
  if (!(await exists(staging.folder))) return;
  const number = await lastLogged(project);
  const places = [
    [staging.equations, join(folders.ledger, String(number))],
    [staging.release, join(folders.published, String(number))],
  ] as const;
  for (const [from, to] of places) {
    if (number === 0 || (await exists(to)) || !(await exists(from))) continue;
    await makePrivateFolder(join(to, '..'));
    await replaceFolder(from, to);
  }
  await removeFolder(staging.folder);
}
