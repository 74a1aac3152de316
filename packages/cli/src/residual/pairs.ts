import { basename } from 'node:path';
import { exists, writeDurably } from '@throughline/engine';
import { z } from 'zod';
import { parsedFile } from '../holds/hold-records.js';
import { longText } from './long-text.js';

const pairsSchema = z.array(z.strictObject({ a: z.guid(), b: z.guid() }));
/** Two records of two partners that their record-level encodings make look like one person. */
export type ResidualPair = z.infer<typeof pairsSchema>[number];

/** @throws ThroughlineError CONFIG_INVALID, CONFIG_UNREADABLE */
export const readPairs = async (file: string): Promise<readonly ResidualPair[]> =>
  (await exists(file)) ? parsedFile(await longText(file), pairsSchema, basename(file)) : [];

/** Adds pairs to those that are asked already: an owner may still be looking. */
export async function keepPairs(file: string, found: readonly ResidualPair[]): Promise<void> {
  const ordered = found.map(({ a, b }) => (a < b ? { a, b } : { a: b, b: a }));
  const all = new Map([...(await readPairs(file)), ...ordered].map((pair) => [`${pair.a} ${pair.b}`, pair]));
  const sorted = [...all.entries()].toSorted(([one], [other]) => (one < other ? -1 : 1));
  await writeDurably(
    file,
    `${JSON.stringify(
      sorted.map(([, pair]) => pair),
      undefined,
      1,
    )}\n`,
  );
}
