import { constants, existsSync, lstatSync, readdirSync } from 'node:fs';
import { chmod, copyFile as copyBytes, cp, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ThroughlineError } from '@throughline/core';
import { fileName, orNone } from './ordinary.js';

/** What the file system says holds whole paths and is dropped. @throws ThroughlineError OUTPUT_UNWRITABLE */
export async function writing<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof ThroughlineError) throw thrown;
    throw new ThroughlineError('OUTPUT_UNWRITABLE', { name: fileName(path) });
  }
}

/** What the system calls a failure, such as ENOENT. */
export const codeOf = (thrown: unknown): unknown =>
  thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;

/** Makes a folder that nobody else may enter, unless it is there. @throws ThroughlineError OUTPUT_UNWRITABLE */
export const makePrivateFolder = (path: string): Promise<void> =>
  writing(path, async () => {
    await mkdir(path, { recursive: true, mode: 0o700 });
  });

/**
 * Makes a folder anew. It must not be there when it is made, so that nobody can have put a link or a folder of
 * their own in its place.
 *
 * @throws ThroughlineError OUTPUT_UNWRITABLE
 */
export async function makeFreshFolder(path: string): Promise<void> {
  await makePrivateFolder(dirname(path));
  await removeFolder(path);
  await writing(path, () => mkdir(path, { mode: 0o700 }));
}

/** @throws ThroughlineError OUTPUT_UNWRITABLE */
export const removeFolder = (path: string): Promise<void> =>
  writing(path, () => rm(path, { recursive: true, force: true }));

export const exists = async (path: string): Promise<boolean> => existsSync(path);

/**
 * Writes a file and waits until it is on the disk. It appears by rename: a reader finds the old file or the new
 * one. What is no ordinary file, such as a link or `/dev/stdout`, is neither followed nor replaced.
 *
 * @throws ThroughlineError OUTPUT_UNWRITABLE
 */
export async function writeDurably(path: string, bytes: Uint8Array | string, mode = 0o600): Promise<void> {
  const partial = `${path}.partial`;
  await writing(path, async () => {
    await requireOrdinaryIfThere(path);
    await rm(partial, { force: true });
    await writeNew(partial, bytes, mode);
    await rename(partial, path);
    await sync(dirname(path));
  });
}

/**
 * Writes a file of any size, as `writeDurably` does: whole or not at all.
 *
 * @throws ThroughlineError OUTPUT_UNWRITABLE, and what the pieces throw.
 */
export async function writePieces(
  path: string,
  pieces: AsyncIterable<Uint8Array>,
  mode = 0o600,
): Promise<void> {
  const partial = `${path}.partial`;
  await writing(path, () => requireOrdinaryIfThere(path));
  await removeFolder(partial);
  const handle = await writing(path, () => open(partial, 'wx', mode));
  try {
    for await (const piece of pieces) await writing(path, () => handle.writeFile(piece));
    await writing(path, () => handle.sync());
  } catch (thrown) {
    await removeFolder(partial);
    throw thrown;
  } finally {
    await handle.close();
  }
  await moveFile(partial, path);
}

/** Gives a file another name; what had that name is replaced. @throws ThroughlineError OUTPUT_UNWRITABLE */
export const moveFile = (from: string, to: string): Promise<void> =>
  writing(to, async () => {
    await rename(from, to);
    await sync(dirname(to));
  });

async function requireOrdinaryIfThere(path: string): Promise<void> {
  const found = orNone(() => lstatSync(path));
  if (found?.isFile() === false) throw new ThroughlineError('OUTPUT_UNWRITABLE', { name: fileName(path) });
}

/** Writes a file that must not be there. @throws what the file system says, such as EEXIST. */
export async function writeNew(path: string, bytes: Uint8Array | string, mode = 0o600): Promise<void> {
  const handle = await open(path, 'wx', mode);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Waits until a file or folder that somebody else wrote is on the disk. @throws ThroughlineError OUTPUT_UNWRITABLE */
export const sync = (path: string): Promise<void> =>
  writing(path, async () => {
    const handle = await open(path, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  });

const asideOf = (folder: string) => `${folder}.aside`;

/**
 * Puts a finished folder in the place of an older one. A reader sees the old folder or the new one; a crash in
 * between is mended by `recoverFolder`.
 *
 * @throws ThroughlineError OUTPUT_UNWRITABLE
 */
export async function replaceFolder(finished: string, folder: string): Promise<void> {
  await sync(finished);
  await recoverFolder(folder);
  await writing(folder, async () => {
    if (await exists(folder)) await rename(folder, asideOf(folder));
    await rename(finished, folder);
    await sync(dirname(folder));
  });
  await removeFolder(asideOf(folder));
}

/** Puts the old folder back if a crash fell between the two renames of `replaceFolder`. */
export async function recoverFolder(folder: string): Promise<void> {
  const aside = asideOf(folder);
  if (!(await exists(aside))) return;
  if (await exists(folder)) await removeFolder(aside);
  else await writing(folder, () => rename(aside, folder));
}

/**
 * The names in a folder, sorted; empty if there is no such folder. A folder that is there and cannot be read is
 * not an empty one: it may hold a revocation.
 *
 * @throws ThroughlineError CONFIG_UNREADABLE
 */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return readdirSync(folder).sort();
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return [];
    throw new ThroughlineError('CONFIG_UNREADABLE', { name: fileName(folder) });
  }
}

/** Copies a folder with everything in it. @throws ThroughlineError OUTPUT_UNWRITABLE */
export async function copyFolder(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true, errorOnExist: true, force: false }).catch(() => {
    throw new ThroughlineError('OUTPUT_UNWRITABLE', { name: fileName(to) });
  });
}

/**
 * Copies a file to where there is none and waits until it is on the disk; where the file system can, the two share
 * their blocks.
 *
 * @throws ThroughlineError OUTPUT_UNWRITABLE
 */
export const copyFile = (from: string, to: string): Promise<void> =>
  writing(to, async () => {
    await copyBytes(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    await chmod(to, 0o600);
    await sync(to);
  });
