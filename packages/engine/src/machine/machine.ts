import { readFile, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A place to which memory is written out. `encrypted`: by dm-crypt, or in memory itself (zram), so that nothing of it lasts. */
export type Swap = { readonly name: string; readonly encrypted: boolean };

/**
 * Where memory is swapped to: /proc/swaps (proc_swaps(5)); what is encrypted says the device mapper in
 * /sys/block/dm-N/dm/uuid. None where the system tells none.
 *
 * @param root of the system, `/`; tests bring their own.
 */
export async function swaps(root: string): Promise<Swap[]> {
  const lines = (await textOf(join(root, 'proc/swaps'))).split('\n').slice(1);
  const names = lines.flatMap((line) => line.split(/\s+/)[0] || []);
  return Promise.all(names.map(async (name) => ({ name, encrypted: await lastsNowhere(root, name) })));
}

async function lastsNowhere(root: string, name: string): Promise<boolean> {
  const device = name.split('/').at(-1) ?? '';
  if (device.startsWith('zram')) return true;
  return (await textOf(join(root, 'sys/block', device, 'dm/uuid'))).startsWith('CRYPT-');
}

/** Bytes of memory that the machine has, or of the limit that it sets this process; undefined where it tells neither. */
export async function memoryOf(root: string): Promise<number | undefined> {
  const total = /^MemTotal:\s+(\d+) kB$/m.exec(await textOf(join(root, 'proc/meminfo')))?.[1];
  const limit = (await textOf(join(root, 'sys/fs/cgroup/memory.max'))).trim();
  const known = [
    ...(total === undefined ? [] : [Number(total) * 1024]),
    ...(/^\d+$/.test(limit) ? [Number(limit)] : []),
  ];
  return known.length === 0 ? undefined : Math.min(...known);
}

/** Whether a service keeps the clock and has not yet set it: systemd-timesyncd(8). Undefined where there is none to ask. */
export async function clockIsSet(root: string): Promise<boolean | undefined> {
  const folder = join(root, 'run/systemd/timesync');
  if (!(await isThere(folder))) return undefined;
  return isThere(join(folder, 'synchronized'));
}

/** Bytes that may still be written where a path is, or will be. */
export async function freeBytes(path: string): Promise<number> {
  const found = await statfs(path).catch(() => undefined);
  if (found !== undefined) return found.bavail * found.bsize;
  const above = dirname(path);
  return above === path ? 0 : freeBytes(above);
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

const textOf = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');
