import { link, lstat, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ThroughlineError } from '@throughline/core';
import { codeOf, makePrivateFolder, writing } from './durable.js';

/** Gives the lock back. */
export type Unlock = () => Promise<void>;

/**
 * Takes the one run lock of a state folder. A lock whose process has died is taken over. Processes are known by
 * number, so the folder must not be shared between machines or containers that run at the same time.
 *
 * @throws ThroughlineError RUN_LOCKED with the process id of the run at work and for how many minutes, OUTPUT_UNWRITABLE.
 */
export async function lockState(stateFolder: string, processId: number): Promise<Unlock> {
  await makePrivateFolder(stateFolder);
  const path = join(stateFolder, 'run.lock');
  const claim = { path, text: `${processId} ${await birthOf(processId)}`, own: `${path}.${processId}` };
  for (let attempt = 0; attempt < 2; attempt += 1) {
    if (await took(claim)) return () => rm(path, { force: true });
    await clearDead(claim);
  }
  throw new ThroughlineError('RUN_LOCKED', {});
}

/** Who holds the lock of a state folder, and whether that process still lives; undefined if nobody does. */
export async function lockHolder(
  stateFolder: string,
): Promise<{ readonly process: number; readonly lives: boolean } | undefined> {
  const text = await readFile(join(stateFolder, 'run.lock'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const [process = 0, birth = 0] = text.split(' ').map(Number);
  return { process, lives: await isAlive(process, birth) };
}

type Claim = { readonly path: string; readonly text: string; readonly own: string };

/** A link appears with its contents: nobody can see the lock before it says who holds it. */
const took = ({ path, text, own }: Claim): Promise<boolean> =>
  writing(path, async () => {
    await writeFile(own, text, { mode: 0o600 });
    try {
      await link(own, path);
      return true;
    } catch (thrown) {
      if (codeOf(thrown) === 'EEXIST') return false;
      throw thrown;
    } finally {
      await rm(own, { force: true });
    }
  });

/** @throws ThroughlineError RUN_LOCKED if the holder lives. */
async function clearDead({ path, own }: Claim): Promise<void> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const [holder = 0, birth = 0] = text.split(' ').map(Number);
  if (await isAlive(holder, birth))
    throw new ThroughlineError('RUN_LOCKED', { process: holder, minutes: await minutesHeld(path, own) });
  if (!(await moved(path, own))) return;
  // Between reading and moving, another run may have taken over: then what was moved is its lock.
  if ((await readFile(own, 'utf8')) !== text) await link(own, path).catch(() => undefined);
  await rm(own, { force: true });
}

/** By the clock of the disk, against a file written now: that of the machine may be another. */
async function minutesHeld(path: string, own: string): Promise<number> {
  return writing(own, async () => {
    try {
      await writeFile(own, '', { mode: 0o600 });
      const [taken, now] = [await lstat(path), await lstat(own)];
      return Math.max(0, Math.floor((now.mtimeMs - taken.mtimeMs) / 60_000));
    } finally {
      await rm(own, { force: true });
    }
  });
}

const moved = (from: string, to: string): Promise<boolean> =>
  rename(from, to).then(
    () => true,
    () => false,
  );

/** Signal 0 asks whether a process is there; EPERM says that it is, and somebody else's. */
async function isAlive(processId: number, birth: number): Promise<boolean> {
  if (!Number.isInteger(processId) || processId <= 0) return false;
  try {
    process.kill(processId, 0);
  } catch (thrown) {
    if (codeOf(thrown) !== 'EPERM') return false;
  }
  return birth === (await birthOf(processId));
}

/**
 * When a process started, in clock ticks since the machine did: numbers are used again, after a restart and in
 * containers above all. Field 22 of /proc/PID/stat (proc_pid_stat(5)); 0 where there is no such file.
 */
async function birthOf(processId: number): Promise<number> {
  const stat = await readFile(`/proc/${processId}/stat`, 'utf8').catch(() => '');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? 0);
}
