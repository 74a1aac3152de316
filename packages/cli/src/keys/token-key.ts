import { canOpen, readKey, readKeyFrom, type SecretKey } from '@throughline/engine';
import type { Pipeline } from '../pipeline/pipeline.js';

const DESCRIPTOR = /^fd:([0-9]{1,4})$/;
const STANDARD_INPUT = 0;

/** The descriptor that a pipeline names in the place of a key file; undefined for a file. */
export function descriptorOf(path: string): number | undefined {
  if (path === '-') return STANDARD_INPUT;
  const [, number] = DESCRIPTOR.exec(path) ?? [];
  return number === undefined ? undefined : Number(number);
}

/** Where a stage finds the token key: its file, or the key itself where it came over a descriptor. */
export type TokenKeys = (path: string) => Promise<string | SecretKey>;

/** A descriptor can be read once, so what it gave is kept to the end of the process. */
export function tokenKeysOf(pipeline: Pick<Pipeline, 'resolve'>): TokenKeys {
  const given = new Map<number, Promise<SecretKey>>();
  return async (path) => {
    const descriptor = descriptorOf(path);
    if (descriptor === undefined) return pipeline.resolve(path);
    const known = given.get(descriptor) ?? readKeyFrom(descriptor);
    given.set(descriptor, known);
    return known;
  };
}

/** Opens a token key; whoever does erases its copy. @throws ThroughlineError KEY_* */
export async function openTokenKey(
  keys: TokenKeys,
  path: string,
  userId: number | undefined,
): Promise<SecretKey> {
  const found = await keys(path);
  if (typeof found === 'string') return readKey(found, userId);
  const bytes = Uint8Array.from(found.bytes);
  return { bytes, erase: () => void bytes.fill(0) };
}

/** Whether this process could open a token key; one that is handed to it counts. */
export const tokenKeyOpens = async ({ resolve }: Pick<Pipeline, 'resolve'>, path: string): Promise<boolean> =>
  descriptorOf(path) !== undefined || canOpen(resolve(path));
