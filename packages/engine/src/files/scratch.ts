import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { writing } from './durable.js';

/** A stage's own folder, readable by nobody else and emptied at the start and the end. */
export type Scratch = {
  /** A new file for writing; the name is the software's, never taken from a row or an extract. */
  readonly create: (name: string) => ScratchFile;
};

export type ScratchFile = {
  readonly path: string;
  /** Waits until the text is written; one piece at a time. @throws ThroughlineError OUTPUT_UNWRITABLE */
  readonly write: (text: string) => Promise<void>;
  /** @throws ThroughlineError OUTPUT_UNWRITABLE */
  readonly close: () => Promise<void>;
};

export const scratchIn = (folder: string): Scratch => ({
  create: (name) => scratchFile(join(folder, name)),
});

/** The file appears with the first piece or, if there is none, when it is closed. */
function scratchFile(path: string): ScratchFile {
  let opened: Promise<FileHandle> | undefined;
  const handle = () => {
    opened ??= open(path, 'wx', 0o600);
    return opened;
  };
  return {
    path,
    write: (text) => writing(path, async () => (await handle()).writeFile(text)),
    close: () => writing(path, async () => (await handle()).close()),
  };
}
