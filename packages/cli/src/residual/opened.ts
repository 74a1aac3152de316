import { basename, dirname } from 'node:path';
import { exists, makePrivateFolder, writeDurably } from '@throughline/engine';
import { z } from 'zod';
import { parsedFile } from '../holds/hold-records.js';
import { longText } from './long-text.js';

/** By partner, the nonces of an epoch that were asked for (at the linkage unit) or opened (at the keyholder). */
const openedSchema = z.strictObject({ check: z.string(), partners: z.record(z.string(), z.array(z.guid())) });
export type Opened = z.infer<typeof openedSchema>;

/** What was noted in the epoch of a check value; nothing where the notes are of another. @throws ThroughlineError CONFIG_INVALID, CONFIG_UNREADABLE */
export async function readOpened(path: string, check: string): Promise<Opened> {
  const noted = (await exists(path))
    ? parsedFile(await longText(path), openedSchema, basename(path))
    : undefined;
  return noted?.check === check ? noted : { check, partners: {} };
}

export async function keepOpened(path: string, opened: Opened): Promise<void> {
  await makePrivateFolder(dirname(path));
  await writeDurably(path, JSON.stringify(opened));
}

/** With more nonces of a partner, each once. */
export const openedWith = (before: readonly string[] = [], nonces: readonly string[] = []): string[] =>
  [...new Set([...before, ...nonces])].sort();
