import { join } from 'node:path';
import { createKey, exists, makePrivateFolder, runStage } from '@throughline/engine';
import { microdataStage } from '@throughline/release';
import { locked } from '../commands/run.js';
import type { Effects } from '../effects.js';
import { microdataRequest } from '../pipeline/requests.js';
import type { Project } from '../project/project.js';
import { requireNoneOverdue } from '../rights/holdings.js';

/**
 * Writes rows about single children for one licensee, and prints where they lie. The key of the licence, under which
 * codes are drawn, is made the first time and never leaves the desk.
 *
 * @throws ThroughlineError USE_NOT_PERMITTED if the licence or an agreement does not allow rows; RELEASE_IDENTIFIER if
 *   it names a column that its standard does not let out; RELEASE_UNSAFE if its terms cannot be met.
 */
export async function releaseMicrodata(project: Project, licence: string, effects: Effects): Promise<void> {
  await locked(project, effects, async () => {
    await requireNoneOverdue(project);
    const folder = join(project.folders.state, 'desk/licences', licence);
    const key = join(folder, 'licence.key');
    await makePrivateFolder(folder);
    if (!(await exists(key))) await createKey(key);
    const { artifacts, status } = await runStage(
      microdataStage,
      microdataRequest(project, { licence, folder, key }, effects),
    );
    effects.stdout(
      `microdata ${artifacts.microdata} ${status}\n  ${join('desk/licences', licence, 'microdata')}\n`,
    );
  });
}
