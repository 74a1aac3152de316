import { join } from 'node:path';
import { appendToLog, recoverFolder, removeFolder, runStage } from '@throughline/engine';
import { emptyHouseholdsStage } from '@throughline/link';
import { locked } from '../commands/run.js';
import type { Effects } from '../effects.js';
import { emptyHouseholdsRequest } from '../pipeline/index-requests.js';
import { logPlace } from '../pipeline/requests.js';
import type { Project } from '../project/project.js';
import { leftBehind, type Outlived, outlivedIn } from './outlived.js';

/** Takes away what dead runs left and what has outlived its use; the state's lock is held. @returns what went. */
export async function keepHouse(project: Project, effects: Effects): Promise<readonly string[]> {
  const left = await leftBehind(project);
  for (const { path } of left) await takeAway(join(project.folders.state, path));
  const outlived = await outlivedIn(project);
  for (const each of outlived) await destroy(project, each, effects);
  return [...left.map(({ path }) => `left by a run that died: ${path}`), ...outlived.map(inWords)];
}

const inWords = ({ what, because }: Outlived): string => `${what}: ${because}`;

/** A folder that a crash caught between two renames is put back, not taken away. */
async function takeAway(path: string): Promise<void> {
  if (path.endsWith('.aside')) await recoverFolder(path.slice(0, -'.aside'.length));
  else await removeFolder(path);
}

/** The log has it before it is gone; killed in between, the next housekeeping finds it again. */
async function destroy(project: Project, outlived: Outlived, effects: Effects): Promise<void> {
  const { folder, records, emptied } = outlived;
  if (records !== undefined) {
    const { of, kind, sha256 } = records;
    const entry = { event: 'destroyed', stage: 'housekeeping', of, outputs: [] } as const;
    await appendToLog(
      logPlace(project),
      { ...entry, outputs: [], at: effects.now().toISOString(), about: [{ name: kind, sha256 }] },
      effects.userId,
    );
  }
  if (emptied) await runStage(emptyHouseholdsStage, emptyHouseholdsRequest(project, effects));
  else await removeFolder(folder);
}

/** Does so and says what went; with `plan`, says what would go. */
export async function housekeeping(project: Project, plan: boolean, effects: Effects): Promise<void> {
  const gone = plan
    ? [
        ...(await leftBehind(project)).map(({ path }) => `left by a run that died: ${path}`),
        ...(await outlivedIn(project)).map(inWords),
      ]
    : await locked(project, effects, () => keepHouse(project, effects));
  if (gone.length === 0) effects.stdout('Nothing has outlived its use.\n');
  for (const line of gone) effects.stdout(`${plan ? 'would go' : 'gone'}  ${line}\n`);
}
