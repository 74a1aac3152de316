import { join } from 'node:path';
import { type Sha256, safeName } from '@throughline/core';
import { z } from 'zod';
import { makePrivateFolder, writeDurably } from './durable.js';
import { bytesOfSmall, type Stamp, sha256Of, stampOf } from './ordinary.js';

/*
 * Large files whose hash is known from an earlier run. Whoever writes into a file cannot leave the time of its last
 * change (ctime) as it was, unless the clock is set or the disk is written past the file system. So a file that was
 * hashed here, or written here, is the same as long as the file system says so. A disk may still lose what it holds
 * without a word; therefore what is known is forgotten after a week, and every file is hashed once in it.
 */

/** Where hashes are remembered, what time it is, and whether more may be noted. */
export type Remembering = { readonly folder: string; readonly now: () => Date; readonly notes: boolean };

/** The files of one folder whose hash is known. */
export type HashedFiles = {
  /** Whether the file is, by all that the file system says, the one that had this hash. */
  readonly has: (name: string, sha256: Sha256 | string) => boolean;
  /** Notes hashes of files that were `worthNoting`. */
  readonly note: (found: readonly Hashed[]) => Promise<void>;
};

/** A file as it was before it was hashed, and when that began. */
export type Noted = { readonly name: string; readonly stamp: Stamp; readonly begun: Date };
export type Hashed = Noted & { readonly sha256: string };

/** Smaller ones are hashed in less time than it takes to look up whether they must be. */
const LEAST_BYTES = 1 << 20;
const DAYS = 24 * 60 * 60 * 1000;
const LONGEST = 7 * DAYS;

const schema = z.record(
  z.string(),
  z.strictObject({ file: z.string(), sha256: z.string(), hashed: z.number() }),
);
const LARGEST = 1 << 20;

/** Asked before a file is hashed: undefined if it is small, or was changed a moment ago. */
export function worthNoting(name: string, stamp: Stamp | undefined, now: () => Date): Noted | undefined {
  if (stamp === undefined || stamp.bytes < LEAST_BYTES) return undefined;
  const begun = now();
  return layStill(stamp, begun) ? { name, stamp, begun } : undefined;
}

/** A file that was changed within the grain of the clock before it was hashed may have been changed once more since. */
export const layStill = (stamp: Stamp, begun: Date): boolean =>
  begun.getTime() - stamp.changedAt >= stamp.grain;

/** What is known of the files of a folder; nothing where it was never noted, or the note cannot be read. */
export async function hashedFiles(of: string, { folder, now, notes }: Remembering): Promise<HashedFiles> {
  const note = join(folder, `${sha256Of(of).slice(0, 32)}.json`);
  const known = new Map(Object.entries(await readNote(note)));
  const recent = (hashed: number): boolean => {
    const age = now().getTime() - hashed;
    return age >= 0 && age < LONGEST;
  };
  return {
    has: (name, sha256) => {
      const fact = known.get(name);
      if (fact === undefined || fact.sha256 !== sha256 || !recent(fact.hashed)) return false;
      return stampOf(join(of, name))?.file === fact.file;
    },
    note: async (found) => {
      if (!notes || found.length === 0) return;
      for (const { name, sha256, stamp, begun } of found)
        known.set(name, { file: stamp.file, sha256, hashed: begun.getTime() });
      await makePrivateFolder(folder);
      await writeDurably(note, `${JSON.stringify(Object.fromEntries(known))}\n`);
    },
  };
}

async function readNote(path: string): Promise<z.infer<typeof schema>> {
  const refusal = {
    missing: 'ARTIFACT_MISSING',
    refused: 'ARTIFACT_ALTERED',
    name: safeName('note'),
  } as const;
  try {
    return schema.parse(JSON.parse(new TextDecoder().decode(await bytesOfSmall(path, refusal, LARGEST))));
  } catch {
    return {};
  }
}
