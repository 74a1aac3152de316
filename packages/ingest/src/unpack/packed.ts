import { createGunzip } from 'node:zlib';
import type { GuardedSource } from '@throughline/engine';
import { type Entry, fromFd, type ZipFile } from 'yauzl';
import { unpackedMost } from '../read/limits.js';
import { malformed, overLimit } from './told.js';

type Write = (bytes: Uint8Array) => void;

/** Unpacks a gzip file of one member or several, all of it. */
export async function gunzipped(source: GuardedSource, write: Write): Promise<void> {
  const stream = createGunzip();
  const spent = metered(unpackedMost(source.bytes), write);
  const feeding = feed(source, stream);
  for await (const piece of stream) spent(piece);
  await feeding;
  if (stream.bytesWritten < source.bytes) throw malformed('gzip with nothing behind it');
}

async function feed(source: GuardedSource, stream: ReturnType<typeof createGunzip>): Promise<void> {
  for (const piece of source.pieces()) {
    if (stream.destroyed || stream.writableEnded) return;
    if (!stream.write(piece)) await new Promise<void>((go) => stream.once('drain', go).once('close', go));
  }
  stream.end();
}

/** Counts what is unpacked and stops at the most that is allowed: a bomb never goes off. */
function metered(most: number, write: Write): Write {
  let total = 0;
  return (bytes) => {
    total += bytes.length;
    if (total > most) throw overLimit('unpacked bytes', most);
    write(bytes);
  };
}

const ORDINARY = 0o100000;
const KIND = 0o170000;
const STORED = 0;
const DEFLATED = 8;

/** Unpacks a zip archive of exactly one ordinary file; its name is not used for anything. */
export async function unzipped(source: GuardedSource, write: Write): Promise<void> {
  const archive = await opened(source);
  if (archive.entryCount !== 1)
    throw malformed('a zip archive of exactly one file', { files: archive.entryCount });
  const entry = await firstEntry(archive);
  requireOrdinary(entry);
  const spent = metered(unpackedMost(source.bytes), write);
  for await (const piece of await contentOf(archive, entry)) spent(piece as Uint8Array);
}

export const opened = (source: GuardedSource): Promise<ZipFile> =>
  new Promise((resolve, reject) =>
    fromFd(
      source.descriptor,
      { lazyEntries: true, autoClose: false, strictFileNames: true },
      (error, archive) =>
        archive === undefined ? reject(error ?? malformed('a zip archive')) : resolve(archive),
    ),
  );

const firstEntry = (archive: ZipFile): Promise<Entry> =>
  new Promise((resolve, reject) => {
    archive.once('error', reject).once('entry', resolve);
    archive.once('end', () => reject(malformed('a zip archive of exactly one file')));
    archive.readEntry();
  });

function requireOrdinary({
  externalFileAttributes,
  fileName,
  compressionMethod,
  generalPurposeBitFlag,
}: Entry) {
  const kind = (externalFileAttributes >>> 16) & KIND;
  const isOther = (kind !== 0 && kind !== ORDINARY) || fileName.endsWith('/');
  if (isOther) throw malformed('a zip archive without links and folders');
  if ((generalPurposeBitFlag & 1) !== 0) throw malformed('a zip archive without a password');
  if (![STORED, DEFLATED].includes(compressionMethod)) throw malformed('a zip archive that deflates');
}

export const contentOf = (archive: ZipFile, entry: Entry): Promise<AsyncIterable<unknown>> =>
  new Promise((resolve, reject) =>
    archive.openReadStream(entry, (error, stream) =>
      stream === undefined ? reject(error ?? malformed('a zip archive')) : resolve(stream),
    ),
  );
