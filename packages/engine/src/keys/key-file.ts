import { randomBytes } from 'node:crypto';
import { lstat, open } from 'node:fs/promises';
import { safeName, ThroughlineError } from '@throughline/core';
import { exists, writeDurably } from '../files/durable.js';
import { fileName, openOrdinary } from '../files/ordinary.js';

export const KEY_BYTES = 32;
const OTHERS = 0o077;

/** A key in memory. `erase` overwrites it; whoever opens a key erases it. */
export type SecretKey = { readonly bytes: Uint8Array; readonly erase: () => void };

/**
 * Reads a key: an ordinary file of the current user with mode 0600 that holds exactly 32 random bytes.
 *
 * @throws ThroughlineError KEY_UNREADABLE, KEY_EXPOSED (link, owner or mode), KEY_WEAK (length or content). The
 *   rule is named, never the content.
 */
export async function readKey(path: string, userId: number | undefined): Promise<SecretKey> {
  await requirePrivate(path, userId);
  const { handle, bytes: size } = await openOrdinary(path, {
    missing: 'KEY_UNREADABLE',
    refused: 'KEY_EXPOSED',
    name: fileName(path),
  });
  try {
    if (size !== KEY_BYTES) throw weak(path, 'exactly 32 bytes');
    const bytes = new Uint8Array(KEY_BYTES);
    await handle.read(bytes, 0, KEY_BYTES, 0);
    const broken = weakness(bytes);
    if (broken !== undefined) throw weak(path, broken);
    return { bytes, erase: () => void bytes.fill(0) };
  } finally {
    await handle.close();
  }
}

async function requirePrivate(path: string, userId: number | undefined): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) throw new ThroughlineError('KEY_UNREADABLE', { name: fileName(path) });
  const exposed = (rule: string) =>
    new ThroughlineError('KEY_EXPOSED', { name: fileName(path), rule: safeName(rule) });
  if (found.isSymbolicLink() || !found.isFile()) throw exposed('an ordinary file, not a link');
  if (userId === undefined) return;
  if (found.uid !== userId) throw exposed('owned by the user who runs this');
  if ((found.mode & OTHERS) !== 0) throw exposed('mode 0600');
}

const weak = (path: string, rule: string) =>
  new ThroughlineError('KEY_WEAK', { name: fileName(path), rule: safeName(rule) });

/** 32 random bytes hold fewer than 20 different ones, or only printable ones, less than once in 10^9. */
function weakness(bytes: Uint8Array): string | undefined {
  if (bytes.every((byte) => byte >= 0x20 && byte < 0x7f)) return 'random bytes, not text';
  if (new Set(bytes).size < 20) return 'random bytes, not a pattern';
  return undefined;
}

/** Makes a key file. @throws ThroughlineError KEY_EXISTS, OUTPUT_UNWRITABLE */
export async function createKey(path: string): Promise<void> {
  if (await exists(path)) throw new ThroughlineError('KEY_EXISTS', { name: fileName(path) });
  const bytes = randomBytes(KEY_BYTES);
  await writeDurably(path, bytes, 0o600);
  bytes.fill(0);
}

/** Whether this process could open a file for reading. */
export async function canOpen(path: string): Promise<boolean> {
  const handle = await open(path, 'r').catch(() => undefined);
  await handle?.close();
  return handle !== undefined;
}
