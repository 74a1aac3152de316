import { basename } from 'node:path';
import { safeName } from '@throughline/core';
import { bytesOfSmall } from '@throughline/engine';

/** Nonces of a city's rows are more than a configuration file may be long: 40 bytes each, and 120 with a key. */
export const LARGEST = 512 * 1024 * 1024;

/** The text of a file of nonces or pairs. @throws ThroughlineError CONFIG_UNREADABLE */
export async function longText(path: string): Promise<string> {
  const refused = 'CONFIG_UNREADABLE';
  const refusal = { missing: refused, refused, name: safeName(basename(path)) } as const;
  return new TextDecoder().decode(await bytesOfSmall(path, refusal, LARGEST));
}
