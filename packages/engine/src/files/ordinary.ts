import { createHash } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open } from 'node:fs/promises';
import { type ErrorCode, type SafeName, type Sha256, safeName, ThroughlineError } from '@throughline/core';

/** An ordinary file, opened without following links; `stats` are of what was opened. */
export type OrdinaryFile = { readonly handle: FileHandle; readonly bytes: number; readonly stats: Stats };

export type Refusal = {
  readonly missing: ErrorCode;
  readonly refused: ErrorCode;
  readonly name: SafeName;
};

/**
 * Opens a file if it is an ordinary one: no symbolic link, FIFO, device or folder.
 *
 * @throws ThroughlineError with the codes given.
 */
export async function openOrdinary(path: string, refusal: Refusal): Promise<OrdinaryFile> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) throw new ThroughlineError(refusal.missing, { name: refusal.name });
  if (!found.isFile()) throw new ThroughlineError(refusal.refused, { name: refusal.name });
  // Not to follow a link or to wait for a FIFO that has come in between; what was opened is asked again.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(path, flags).catch(() => undefined);
  if (handle === undefined) throw new ThroughlineError(refusal.missing, { name: refusal.name });
  const stats = await handle.stat();
  if (stats.isFile()) return { handle, bytes: stats.size, stats };
  await handle.close();
  throw new ThroughlineError(refusal.refused, { name: refusal.name });
}

/** When a file was last written; undefined if there is none. */
export const modifiedAt = (path: string): Promise<Date | undefined> =>
  lstat(path).then(
    ({ mtime }) => mtime,
    () => undefined,
  );

/** All bytes of an ordinary file of limited size. @throws ThroughlineError with the codes given. */
export async function bytesOfSmall(path: string, refusal: Refusal, largest: number): Promise<Uint8Array> {
  const { handle, bytes } = await openOrdinary(path, refusal);
  try {
    if (bytes > largest) throw new ThroughlineError(refusal.refused, { name: refusal.name, largest });
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** Lower-case hexadecimal SHA-256 of bytes or of UTF-8 text. */
export const sha256Of = (bytes: Uint8Array | string): Sha256 =>
  createHash('sha256').update(bytes).digest('hex') as Sha256;

/** Lower-case hexadecimal SHA-256 of a file's bytes. @throws ThroughlineError with the codes given. */
export async function sha256OfFile(path: string, refusal: Refusal): Promise<Sha256> {
  const hash = createHash('sha256');
  for await (const chunk of bytesOf(path, refusal)) hash.update(chunk);
  return hash.digest('hex') as Sha256;
}

/** A file's bytes in pieces of up to 1 MiB. @throws ThroughlineError with the codes given. */
export async function* bytesOf(path: string, refusal: Refusal): AsyncGenerator<Uint8Array> {
  const { handle } = await openOrdinary(path, refusal);
  try {
    const buffer = new Uint8Array(1 << 20);
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) return;
      yield buffer.slice(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

/** How to name a path in an error: its last part only. */
export const fileName = (path: string): SafeName => safeName(path.split(/[/\\]/).at(-1) ?? '');
