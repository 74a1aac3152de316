import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { safeName } from '@throughline/core';
import { writing } from './durable.js';
import { bytesOf, openOrdinary } from './ordinary.js';

/** A stage's own folder, readable by nobody else and emptied at the start and the end. */
export type Scratch = {
  /** A new file for writing; the name is the software's, never taken from a row or an extract. */
  readonly create: (name: string) => ScratchFile;
  /** A file that has been written and closed, for reading under a name to tell. */
  readonly reopen: (file: ScratchFile, name: string) => Promise<ReadableFile>;
};

/** A file to be read: an extract, or what was unpacked of one. */
export type ReadableFile = {
  readonly name: string;
  readonly bytes: number;
  /** Its bytes, in pieces. */
  readonly read: () => AsyncIterable<Uint8Array>;
  /** Its path, for a process of its own that is given the open file. */
  readonly path: string;
};

export type ScratchFile = {
  readonly path: string;
  /** Waits until the piece is written; one at a time. @throws ThroughlineError OUTPUT_UNWRITABLE */
  readonly write: (piece: string | Uint8Array) => Promise<void>;
  /** @throws ThroughlineError OUTPUT_UNWRITABLE */
  readonly close: () => Promise<void>;
};

export const scratchIn = (folder: string): Scratch => ({
  create: (name) => scratchFile(join(folder, name)),
  reopen: ({ path }, name) => readableFile(path, name),
});

/** An ordinary file for reading under a name to tell. @throws ThroughlineError EXTRACT_MISSING, EXTRACT_REFUSED */
export async function readableFile(path: string, name: string): Promise<ReadableFile> {
  const refusal = { missing: 'EXTRACT_MISSING', refused: 'EXTRACT_REFUSED', name: safeName(name) } as const;
  const { bytes, close } = await openOrdinary(path, refusal);
  close();
  return { name, path, bytes, read: () => bytesOf(path, refusal) };
}

/** The file appears with the first piece or, if there is none, when it is closed. */
function scratchFile(path: string): ScratchFile {
  let opened: Promise<FileHandle> | undefined;
  const handle = () => {
    opened ??= open(path, 'wx', 0o600);
    return opened;
  };
  return {
    path,
    write: (piece) => writing(path, async () => (await handle()).writeFile(piece)),
    close: () => writing(path, async () => (await handle()).close()),
  };
}
