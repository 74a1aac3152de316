import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  readSync,
  type Stats,
} from 'node:fs';
import { type ErrorCode, type SafeName, type Sha256, safeName, ThroughlineError } from '@throughline/core';

/**
 * An ordinary file, opened without following links; `stats` are of what was opened.
 *
 * Files are looked at and read on this thread. Each step on another one costs a wait for it, on a machine that has other
 * work a long one, and a night in which nothing has changed looks and reads twelve thousand times; only between the
 * pieces of a large file does whatever else waits have its turn.
 */
export type OrdinaryFile = {
  readonly fd: number;
  readonly bytes: number;
  readonly stats: Stats;
  readonly close: () => void;
};

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
  const found = orNone(() => lstatSync(path));
  if (found === undefined) throw new ThroughlineError(refusal.missing, { name: refusal.name });
  if (!found.isFile()) throw new ThroughlineError(refusal.refused, { name: refusal.name });
  // Not to follow a link or to wait for a FIFO that has come in between; what was opened is asked again.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const fd = orNone(() => openSync(path, flags));
  if (fd === undefined) throw new ThroughlineError(refusal.missing, { name: refusal.name });
  const stats = fstatSync(fd);
  if (stats.isFile()) return { fd, bytes: stats.size, stats, close: () => closeSync(fd) };
  closeSync(fd);
  throw new ThroughlineError(refusal.refused, { name: refusal.name });
}

/** What the file system gives; undefined where it refuses. */
export function orNone<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}

/** When a file was last written; undefined if there is none. */
export const modifiedAt = async (path: string): Promise<Date | undefined> =>
  orNone(() => lstatSync(path))?.mtime;

/**
 * Which file stands at a path, how long it is, and when anything about it was last changed. A change within the `grain` of
 * the file system's clock, in milliseconds, leaves its time as it was.
 */
export type Stamp = {
  readonly file: string;
  readonly bytes: number;
  readonly changedAt: number;
  readonly grain: number;
};

/** Some file systems count whole seconds, or two at a time; those that count parts of one follow the system's tick. */
const COARSE_MS = 3000;
const FINE_MS = 20;

/** Undefined if there is none. */
export function stampOf(path: string): Stamp | undefined {
  const found = orNone(() => lstatSync(path, { bigint: true }));
  if (found === undefined) return undefined;
  const { dev, ino, size, mtimeNs, ctimeNs } = found;
  return {
    file: [dev, ino, size, mtimeNs, ctimeNs].join(' '),
    bytes: Number(size),
    changedAt: Number(ctimeNs / 1_000_000n),
    grain: ctimeNs % 1_000_000_000n === 0n ? COARSE_MS : FINE_MS,
  };
}

/** All bytes of an ordinary file of limited size. @throws ThroughlineError with the codes given. */
export async function bytesOfSmall(path: string, refusal: Refusal, largest: number): Promise<Uint8Array> {
  const { fd, bytes, close } = await openOrdinary(path, refusal);
  try {
    if (bytes > largest) throw new ThroughlineError(refusal.refused, { name: refusal.name, largest });
    return readFileSync(fd);
  } finally {
    close();
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
  const file = await openOrdinary(path, refusal);
  try {
    yield* piecesOf(file);
  } finally {
    file.close();
  }
}

const PIECE = 1 << 20;

/** The bytes of an open file in pieces of up to 1 MiB. */
export async function* piecesOf({ fd, bytes }: OrdinaryFile): AsyncGenerator<Uint8Array> {
  // One more than there should be: a file that has not grown is read in one step, and its end in the next.
  const length = Math.min(PIECE, bytes + 1);
  for (;;) {
    const piece = Buffer.allocUnsafeSlow(length);
    const read = readSync(fd, piece);
    if (read === 0) return;
    yield new Uint8Array(piece.buffer, 0, read);
    if (read === PIECE) await new Promise((resolve) => setImmediate(resolve));
  }
}

/** How to name a path in an error: its last part only. */
export const fileName = (path: string): SafeName => safeName(path.split(/[/\\]/).at(-1) ?? '');
