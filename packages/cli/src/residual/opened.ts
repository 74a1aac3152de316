import { dirname } from 'node:path';
import { exists, makePrivateFolder, readText, writeDurably } from '@throughline/engine';
import { z } from 'zod';

/** By partner, the nonces of an epoch that were asked for (at the linkage unit) or opened (at the keyholder). */
const openedSchema = z.strictObject({ check: z.string(), partners: z.record(z.string(), z.array(z.guid())) });
export type Opened = z.infer<typeof openedSchema>;

/** What was noted in the epoch of a check value; nothing where the notes are of another. */
export async function readOpened(path: string, check: string): Promise<Opened> {
  const noted = (await exists(path)) ? openedSchema.parse(JSON.parse(await readText(path))) : undefined;
  return noted?.check === check ? noted : { check, partners: {} };
}

export async function keepOpened(path: string, opened: Opened): Promise<void> {
  await makePrivateFolder(dirname(path));
  await writeDurably(path, JSON.stringify(opened));
}

/** With more nonces of a partner, each once. */
export const openedWith = (before: readonly string[] = [], nonces: readonly string[] = []): string[] =>
  [...new Set([...before, ...nonces])].sort();
