import { appendFile, open, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson, type Json, type Sha256, safeName, ThroughlineError } from '@throughline/core';
import { codeOf, makePrivateFolder, sync, writing } from '../files/durable.js';
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
const NEWLINE = 0x0a;

/**
 * Appends an entry and waits until it is on the disk. Every line holds its own hash and that of the line before it,
 * so that a changed or removed line shows; only lines taken off the end do not. A torn last line, left by a crash,
 * never had an output and is cut off.
 *
 * @returns the hash of the new line.
 * @throws ThroughlineError OUTPUT_UNWRITABLE
 */
export async function appendToLog(folder: string, entry: LogEntry): Promise<Sha256> {
  await makePrivateFolder(folder);
  const path = join(folder, 'log.jsonl');
  return writing(path, async () => {
    const before = await lastLine(path);
    const line = sealed({ ...entry, previous: before === undefined ? FIRST : sha256Of(before) });
    const handle = await open(path, 'a', 0o600);
    try {
      await handle.writeFile(`${line}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await sync(folder);
    return sha256Of(line);
  });
}

/** The last whole line, after mending what a crash left behind it. */
async function lastLine(path: string): Promise<string | undefined> {
  const bytes = await bytesIfThere(path);
  const end = bytes.lastIndexOf(NEWLINE) + 1;
  const tail = bytes.toString('utf8', end);
  if (tail !== '' && sealOf(tail) !== undefined) {
    await appendFile(path, '\n');
    return tail;
  }
  if (tail !== '') await truncate(path, end);
  return (
    bytes
      .toString('utf8', 0, Math.max(0, end - 1))
      .split('\n')
      .at(-1) || undefined
  );
}

/** A log that cannot be read is not an empty one. @throws what the file system says. */
async function bytesIfThere(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return Buffer.alloc(0);
    throw thrown;
  }
}

/**
 * Checks every line against its own hash and the line before it.
 *
 * @returns the number of lines, and the first line that does not fit (1-based), if any.
 * @throws ThroughlineError LOG_BROKEN if the log cannot be read.
 */
export async function checkLog(
  folder: string,
): Promise<{ readonly lines: number; readonly broken?: number }> {
  const bytes = await bytesIfThere(join(folder, 'log.jsonl')).catch(() => {
    throw new ThroughlineError('LOG_BROKEN', { name: safeName('log.jsonl') });
  });
  const lines = bytes.toString('utf8').split('\n');
  const torn = lines.pop() !== '';
  const broken = lines.findIndex((line, index) => {
    const before = lines[index - 1];
    return sealOf(line)?.previous !== (before === undefined ? FIRST : sha256Of(before));
  });
  if (broken >= 0) return { lines: lines.length, broken: broken + 1 };
  return torn ? { lines: lines.length, broken: lines.length + 1 } : { lines: lines.length };
}

type Unsealed = LogEntry & { readonly previous: string };

function sealed(body: Unsealed): string {
  const fields = body as Json as Readonly<Record<string, Json>>;
  return canonicalJson({ ...fields, sha256: sha256Of(canonicalJson(fields)) });
}

/** What a line says of the line before it; undefined if it is not exactly a line as `sealed` makes it. */
function sealOf(line: string): { readonly previous: unknown } | undefined {
  try {
    const { sha256, ...body } = JSON.parse(line) as Readonly<Record<string, Json>>;
    const fits = canonicalJson({ ...body, sha256 }) === line && sha256 === sha256Of(canonicalJson(body));
    return fits ? { previous: body['previous'] } : undefined;
  } catch {
    return undefined;
  }
}
