import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockState } from './lock.js';

let folder: string;
let children: ChildProcess[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lock-'));
  children = [];
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

const lockFile = () => join(folder, 'run.lock');
const built = new URL('../../dist/files/lock.js', import.meta.url).href;

/** Another process that tries to take the lock, says whether it has, and then stays. */
async function contender(): Promise<{ readonly child: ChildProcess; readonly said: string }> {
  const script =
    `import { lockState } from ${JSON.stringify(built)};` +
    'setTimeout(() => {}, 100_000);' +
    `lockState(${JSON.stringify(folder)}, process.pid).then(() => console.log('locked'), ({ code }) => console.log(code));`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const [said] = await once(child.stdout, 'data');
  return { child, said: String(said).trim() };
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

describe('lockState', () => {
  it('is refused while another process holds it, naming it, and taken over once that has died', async () => {
    const { child, said } = await contender();
    expect(said).toBe('locked');
    await expect(lockState(folder, process.pid)).rejects.toMatchObject({
      code: 'RUN_LOCKED',
      details: { process: child.pid, minutes: 0 },
    });
    const threeHoursAgo = new Date(Date.now() - 3 * 3_600_000);
    await utimes(join(folder, 'run.lock'), threeHoursAgo, threeHoursAgo);
    await expect(lockState(folder, process.pid)).rejects.toMatchObject({ details: { minutes: 180 } });
    await kill(child);
    const unlock = await lockState(folder, process.pid);
    await expect(lockState(folder, process.pid)).rejects.toMatchObject({ details: { process: process.pid } });
    await unlock();
    expect(await readdir(folder)).toEqual([]);
  });

  it('is taken by one of many that find a dead one', async () => {
    const { child } = await contender();
    await kill(child);
    const said = await Promise.all(Array.from({ length: 4 }, contender));
    expect(said.map((each) => each.said).sort()).toEqual([
      'RUN_LOCKED',
      'RUN_LOCKED',
      'RUN_LOCKED',
      'locked',
    ]);
    const holder = said.find((each) => each.said === 'locked')?.child.pid;
    expect(await readFile(lockFile(), 'utf8')).toMatch(new RegExp(`^${holder} `));
    expect(await readdir(folder)).toEqual(['run.lock']);
  });

  it('is taken over from a process whose number has been used again', async () => {
    await writeFile(lockFile(), `${process.pid} 1`);
    const unlock = await lockState(folder, process.pid);
    await unlock();
  });

  it.each([
    '',
    'x',
    '-1 0',
    '0 0',
    '1.5 0',
    '99999999 12',
    '\0',
  ])('is taken over where it says %j', async (text) => {
    await writeFile(lockFile(), text);
    await lockState(folder, process.pid);
    expect(await readFile(lockFile(), 'utf8')).toMatch(new RegExp(`^${process.pid} `));
  });

  it('has a code of its own where it cannot be written', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(lockState(join(folder, 'file'), process.pid)).rejects.toMatchObject({
      code: 'OUTPUT_UNWRITABLE',
    });
  });
});
