import { open, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson, type Json, type Sha256 } from '@throughline/core';
import { makePrivateFolder } from '../files/durable.js';
import { sha256Of } from '../files/ordinary.js';

/** What a stage did, by hash and count: never a value. */
export type LogEntry = {
  readonly stage: string;
  readonly of: string;
  readonly outputs: readonly { readonly kind: string; readonly manifest: string }[];
  readonly inputs: readonly { readonly kind: string; readonly name: string; readonly sha256: string }[];
  readonly documents: readonly { readonly kind: string; readonly id: string; readonly sha256: string }[];
  readonly at: string;
};

const FIRST = '0'.repeat(64);

/**
 * Appends an entry and waits until it is on the disk. Every line names the hash of the line before it, so that a
 * changed or removed line shows. A torn last line, left by a crash, never had an output and is cut off.
 *
 * @returns the hash of the new line.
 */
export async function appendToLog(folder: string, entry: LogEntry): Promise<Sha256> {
  await makePrivateFolder(folder);
  const path = join(folder, 'log.jsonl');
  const before = await lastLine(path);
  const line = canonicalJson({ ...entry, previous: before === undefined ? FIRST : sha256Of(before) } as Json);
  const handle = await open(path, 'a', 0o600);
  try {
    await handle.writeFile(`${line}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return sha256Of(line);
}

async function lastLine(path: string): Promise<string | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const end = text.lastIndexOf('\n');
  if (end < text.length - 1) await truncate(path, Buffer.byteLength(text.slice(0, end + 1)));
  return end < 0 ? undefined : text.slice(0, end).split('\n').at(-1);
}

/**
 * Checks that every line names the hash of the line before it.
 *
 * @returns the number of lines, and the first line that does not fit (1-based), if any.
 */
export async function checkLog(
  folder: string,
): Promise<{ readonly lines: number; readonly broken?: number }> {
  const text = await readFile(join(folder, 'log.jsonl'), 'utf8').catch(() => '');
  const lines = text.split('\n').filter((line) => line !== '');
  const broken = lines.findIndex((line, index) => {
    const before = lines[index - 1];
    return previousOf(line) !== (before === undefined ? FIRST : sha256Of(before));
  });
  return broken < 0 ? { lines: lines.length } : { lines: lines.length, broken: broken + 1 };
}

function previousOf(line: string): unknown {
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === 'object' && entry !== null && 'previous' in entry ? entry.previous : undefined;
  } catch {
    return undefined;
  }
}
