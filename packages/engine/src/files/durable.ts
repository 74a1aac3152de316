import { access, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ThroughlineError } from '@throughline/core';
import { fileName } from './ordinary.js';

/** Makes a folder that nobody else may enter. */
export const makePrivateFolder = async (path: string): Promise<void> => {
  await mkdir(path, { recursive: true, mode: 0o700 });
};

export const removeFolder = (path: string): Promise<void> => rm(path, { recursive: true, force: true });

export const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Writes a file and waits until it is on the disk. @throws ThroughlineError OUTPUT_UNWRITABLE */
export async function writeDurably(path: string, bytes: Uint8Array | string, mode = 0o600): Promise<void> {
  try {
    const handle = await open(path, 'w', mode);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    throw new ThroughlineError('OUTPUT_UNWRITABLE', { name: fileName(path) });
  }
}

/** Waits until a file or folder that somebody else wrote is on the disk. */
export async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const asideOf = (folder: string) => `${folder}.aside`;

/**
 * Puts a finished folder in the place of an older one. A reader sees the old folder or the new one; a crash in
 * between is mended by `recoverFolder`.
 */
export async function replaceFolder(finished: string, folder: string): Promise<void> {
  await removeFolder(asideOf(folder));
  if (await exists(folder)) await rename(folder, asideOf(folder));
  await rename(finished, folder);
  await sync(dirname(folder));
  await removeFolder(asideOf(folder));
}

/** Puts the old folder back if a crash fell between the two renames of `replaceFolder`. */
export async function recoverFolder(folder: string): Promise<void> {
  const aside = asideOf(folder);
  if (!(await exists(aside))) return;
  if (await exists(folder)) await removeFolder(aside);
  else await rename(aside, folder);
}

/** The names in a folder in code-point order; empty if there is no such folder. */
export const namesIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder).catch(() => [])).sort();
