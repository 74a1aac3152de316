import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { join } from 'node:path';

/** A stage's own folder, readable by nobody else and emptied at the start and the end. */
export type Scratch = {
  /** Opens a new file for writing; the name is the software's, never taken from a row or an extract. */
  readonly create: (name: string) => ScratchFile;
};

export type ScratchFile = {
  readonly path: string;
  /** Waits where the disk is slower than the writer. */
  readonly write: (text: string) => Promise<void>;
  readonly close: () => Promise<void>;
};

export function scratchIn(folder: string): Scratch {
  return {
    create: (name) => {
      const path = join(folder, name);
      const stream = createWriteStream(path, { flags: 'wx', mode: 0o600 });
      return { path, write: (text) => written(stream, text), close: () => closed(stream) };
    },
  };
}

async function written(stream: WriteStream, text: string): Promise<void> {
  if (!stream.write(text, 'utf8')) await once(stream, 'drain');
}

async function closed(stream: WriteStream): Promise<void> {
  stream.end();
  await once(stream, 'close');
}
