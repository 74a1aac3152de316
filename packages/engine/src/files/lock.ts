import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ThroughlineError } from '@throughline/core';
import { makePrivateFolder } from './durable.js';

/** Gives the lock back. */
export type Unlock = () => Promise<void>;

/**
 * Takes the one run lock of a state folder. A lock whose process has died is taken over.
 *
 * @throws ThroughlineError RUN_LOCKED with the process id of the run at work.
 */
export async function lockState(stateFolder: string, processId: number): Promise<Unlock> {
  await makePrivateFolder(stateFolder);
  const path = join(stateFolder, 'run.lock');
  for (let attempt = 0; attempt < 2; attempt += 1) {
    if (await tookLock(path, processId)) return () => rm(path, { force: true });
    const holder = Number.parseInt(await readFile(path, 'utf8').catch(() => ''), 10);
    if (isAlive(holder)) throw new ThroughlineError('RUN_LOCKED', { process: holder });
    await rm(path, { force: true });
  }
  throw new ThroughlineError('RUN_LOCKED', {});
}

async function tookLock(path: string, processId: number): Promise<boolean> {
  const handle = await open(path, 'wx', 0o600).catch(() => undefined);
  if (handle === undefined) return false;
  await handle.writeFile(String(processId));
  await handle.close();
  return true;
}

/** Signal 0 asks whether a process is there; EPERM says that it is, and somebody else's. */
function isAlive(processId: number): boolean {
  if (!Number.isInteger(processId) || processId <= 0) return false;
  try {
    process.kill(processId, 0);
    return true;
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
}
