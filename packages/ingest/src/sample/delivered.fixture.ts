import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FieldManifest } from '@throughline/agreement';
import type { ReadableFile, Scratch, ScratchFile } from '@throughline/engine';
import { afterAll, beforeAll } from 'vitest';
import { openedDelivery } from '../read/delivery.js';
import { readExtract } from '../read/read-extract.js';
import type { ReadTally } from '../read/rows.js';
import { extractOf, memoryScratch } from './extract.fixture.js';

export type ReadBack = { readonly text: string; readonly tally: ReadTally };

/** Reads real files of bytes as a manifest says, in a folder that goes with the tests. */
export type Deliveries = {
  readonly read: (
    bytes: Uint8Array | string,
    manifest: FieldManifest,
    identity?: string,
  ) => Promise<ReadBack>;
  readonly file: (bytes: Uint8Array | string) => Promise<ReadableFile>;
  readonly path: (name: string) => string;
};

export function deliveries(): Deliveries {
  let folder = '';
  let files = 0;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'delivered-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const path = (name: string) => join(folder, name);
  const file = async (bytes: Uint8Array | string): Promise<ReadableFile> => {
    files += 1;
    const place = path(`extract-${files}`);
    await writeFile(place, bytes);
    return { ...extractOf(bytes), path: place };
  };
  const read = async (bytes: Uint8Array | string, manifest: FieldManifest, identity?: string) => {
    const delivered = await file(bytes);
    const opening = {
      delivery: manifest.delivery,
      scratch: scratchOf(path),
      name: `opened-${files}`,
      identity,
    };
    const scratch = memoryScratch();
    const tally = await readExtract(await openedDelivery(delivered, opening), manifest, scratch);
    return { text: scratch.text(), tally };
  };
  return { read, file, path };
}

const scratchOf = (path: (name: string) => string): Scratch => ({
  create: (name) => fileScratch(path(name)),
  reopen: async (written, name) => {
    const { size } = await stat(written.path);
    const { readFile } = await import('node:fs/promises');
    return {
      ...extractOf(new Uint8Array(await readFile(written.path)), { name }),
      bytes: size,
      path: written.path,
    };
  },
});

function fileScratch(path: string): ScratchFile {
  const pieces: Uint8Array[] = [];
  return {
    path,
    write: async (piece) => {
      pieces.push(typeof piece === 'string' ? new TextEncoder().encode(piece) : piece);
    },
    close: () => writeFile(path, Buffer.concat(pieces)),
  };
}
