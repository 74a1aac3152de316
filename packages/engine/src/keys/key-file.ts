import { isUtf8 } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { constants, readFileSync, readSync, type Stats } from 'node:fs';
import { open, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type SafeName, safeName, ThroughlineError } from '@throughline/core';
import { codeOf, sync, writeNew, writing } from '../files/durable.js';
import { fileName, type OrdinaryFile, openOrdinary } from '../files/ordinary.js';

export const KEY_BYTES = 32;
const OTHERS = 0o077;

/** A key in memory. `erase` overwrites it; whoever opens a key erases it. */
export type SecretKey = { readonly bytes: Uint8Array; readonly erase: () => void };

/** A key that is in memory only, from the system's generator. */
export const freshKey = (): Uint8Array => new Uint8Array(randomBytes(KEY_BYTES));

/**
 * Reads a key: an ordinary file of the current user with mode 0600 that holds exactly 32 random bytes.
 *
 * @throws ThroughlineError KEY_UNREADABLE, KEY_EXPOSED (link, owner or mode), KEY_WEAK (length or content). The
 *   rule is named, never the content.
 */
export async function readKey(path: string, userId: number | undefined): Promise<SecretKey> {
  const name = fileName(path);
  const { fd, stats, close } = await openPrivate(path, userId);
  try {
    const bytes = new Uint8Array(KEY_BYTES);
    const exact = readSync(fd, bytes) === KEY_BYTES && stats.size === KEY_BYTES;
    return requireStrong(bytes, { name, exact });
  } finally {
    close();
  }
}

type Read = { readonly name: SafeName; readonly exact: boolean };

/** Bytes as a key, if they are 32 and look random; erased otherwise. @throws ThroughlineError KEY_WEAK */
export function requireStrong(bytes: Uint8Array, { name, exact }: Read): SecretKey {
  const broken = exact && bytes.length === KEY_BYTES ? weakness(bytes) : 'exactly 32 bytes';
  if (broken === undefined) return { bytes, erase: () => void bytes.fill(0) };
  bytes.fill(0);
  throw new ThroughlineError('KEY_WEAK', { name, rule: safeName(broken) });
}

const LONGEST_IDENTITY = 4096;

/**
 * Reads an identity of age: an ordinary file of the current user with mode 0600 that has one line
 * `AGE-SECRET-KEY-…`, as age-keygen writes it.
 *
 * @throws ThroughlineError KEY_UNREADABLE, KEY_EXPOSED, KEY_WEAK.
 */
export async function readIdentity(path: string, userId: number | undefined): Promise<string> {
  const name = fileName(path);
  const { fd, stats, close } = await openPrivate(path, userId);
  try {
    const text = stats.size > LONGEST_IDENTITY ? '' : readFileSync(fd, 'utf8');
    const identities = text.split(/\r?\n/).filter((line) => line.startsWith('AGE-SECRET-KEY-'));
    if (identities.length === 1) return identities[0] ?? '';
    throw new ThroughlineError('KEY_WEAK', { name, rule: safeName('one line of an age identity') });
  } finally {
    close();
  }
}

/**
 * Opens a file that only the current user can read or change.
 *
 * @throws ThroughlineError KEY_UNREADABLE, KEY_EXPOSED (link, owner or mode).
 */
export async function openPrivate(path: string, userId: number | undefined): Promise<OrdinaryFile> {
  const name = fileName(path);
  const opened = await openOrdinary(path, { missing: 'KEY_UNREADABLE', refused: 'KEY_EXPOSED', name });
  const exposure = exposureOf(opened.stats, userId);
  if (exposure === undefined) return opened;
  opened.close();
  throw new ThroughlineError('KEY_EXPOSED', { name, rule: safeName(exposure) });
}

/** Asked of the file that was opened, not of its path, which may name another one by now. */
function exposureOf(stats: Stats, userId: number | undefined): string | undefined {
  if (userId === undefined) return undefined;
  if (stats.uid !== userId) return 'owned by the user who runs this';
  if ((stats.mode & OTHERS) !== 0) return 'mode 0600';
  return stats.nlink > 1 ? 'no second name (hard link)' : undefined;
}

/** 32 random bytes break one of these rules less than once in 10^9. */
function weakness(bytes: Uint8Array): string | undefined {
  if (isUtf8(bytes) && bytes.every(isTextual)) return 'random bytes, not text';
  const steps = bytes.map((byte, index) => byte - (bytes[index - 1] ?? 0));
  if (new Set(bytes).size < 20 || new Set(steps).size < 20) return 'random bytes, not a pattern';
  return undefined;
}

const isTextual = (byte: number): boolean =>
  (byte >= 0x20 && byte !== 0x7f) || (byte >= 0x09 && byte <= 0x0d);

/** Makes a key file. @throws ThroughlineError KEY_EXISTS (also where a link points nowhere), OUTPUT_UNWRITABLE */
export async function createKey(path: string): Promise<void> {
  const bytes = randomBytes(KEY_BYTES);
  try {
    await keepKey(path, bytes);
  } finally {
    bytes.fill(0);
  }
}

/** Keeps a key that came from elsewhere in a file. @throws ThroughlineError KEY_EXISTS, OUTPUT_UNWRITABLE */
export async function keepKey(path: string, bytes: Uint8Array): Promise<void> {
  await writing(path, () => writeNew(path, bytes).catch(refuseExisting(path)));
  await sync(dirname(path));
}

/**
 * Overwrites a key file and removes it; none is no error. A copy that the file system or a backup keeps is beyond
 * reach: whoever erases a key starts a new epoch.
 *
 * @returns whether there was one.
 */
export async function eraseKey(path: string): Promise<boolean> {
  const handle = await open(path, constants.O_WRONLY | constants.O_NOFOLLOW).catch(() => undefined);
  if (handle === undefined) return false;
  try {
    const { size } = await handle.stat();
    await handle.write(new Uint8Array(size), 0, size, 0);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await unlink(path);
  await sync(dirname(path));
  return true;
}

const refuseExisting =
  (path: string) =>
  (thrown: unknown): never => {
    if (codeOf(thrown) === 'EEXIST') throw new ThroughlineError('KEY_EXISTS', { name: fileName(path) });
    throw thrown;
  };

/** Whether this process could open a file for reading, by whatever link; a FIFO without waiting for its writer. */
export async function canOpen(path: string): Promise<boolean> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => undefined);
  await handle?.close();
  return handle !== undefined;
}
