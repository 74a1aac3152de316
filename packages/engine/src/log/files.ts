import { lstatSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ReadTile } from '@throughline/agreement';
import { type SafeName, safeName, ThroughlineError } from '@throughline/core';
import { sync, writeDurably, writing } from '../files/durable.js';
import { bytesOfSmall } from '../files/ordinary.js';

export const CHECKPOINT = 'checkpoint';

// A full tile of the longest entries takes 16 MiB and 512 bytes.
const LARGEST_FILE = 17 * 1024 ** 2;

/** @returns the error of a log that does not fit its checkpoint. */
export const brokenLog = (found: string, about: Readonly<Record<string, number | SafeName>> = {}) =>
  new ThroughlineError('LOG_BROKEN', { found: safeName(found), ...about });

/** Reads files of a log: a file that is there and cannot be read is not a missing one. */
export const readFileOf =
  (folder: string): ReadTile =>
  async (path) => {
    const place = join(folder, path);
    const name = safeName(path);
    if (!isThere(place, name)) return undefined;
    return bytesOfSmall(place, { missing: 'LOG_BROKEN', refused: 'LOG_BROKEN', name }, LARGEST_FILE);
  };

function isThere(place: string, name: SafeName): boolean {
  try {
    return lstatSync(place, { throwIfNoEntry: false }) !== undefined;
  } catch {
    throw brokenLog('unreadable', { file: name });
  }
}

/** Writes a file of a log and waits until it and every folder on the way to it are on the disk. */
export async function writeFileOf(folder: string, path: string, bytes: Uint8Array): Promise<void> {
  const place = join(folder, path);
  await writing(place, () => mkdir(dirname(place), { recursive: true, mode: 0o700 }));
  await writeDurably(place, bytes);
  for (const above of foldersAbove(path)) await sync(join(folder, above));
}

/** `tile/0` and `tile` and the log's own folder, for `tile/0/000`. */
const foldersAbove = (path: string): string[] =>
  path === '.' ? [] : [dirname(path), ...foldersAbove(dirname(path))];
