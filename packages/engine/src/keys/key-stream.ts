import { createReadStream } from 'node:fs';
import { safeName, ThroughlineError } from '@throughline/core';
import { KEY_BYTES, requireStrong, type SecretKey } from './key-file.js';

/**
 * Reads a key from an open descriptor to its end: exactly 32 random bytes, as a key service or `age -d` hands them
 * over a pipe. Standard input is descriptor 0.
 *
 * @throws ThroughlineError KEY_UNREADABLE, KEY_WEAK.
 */
export async function readKeyFrom(descriptor: number): Promise<SecretKey> {
  const name = safeName(`descriptor ${descriptor}`);
  const bytes = new Uint8Array(KEY_BYTES);
  let length = 0;
  try {
    for await (const chunk of createReadStream('', { fd: descriptor, autoClose: false })) {
      const piece: Uint8Array = chunk;
      bytes.set(piece.subarray(0, Math.max(0, KEY_BYTES - length)), Math.min(length, KEY_BYTES));
      length += piece.length;
      piece.fill(0);
      if (length > KEY_BYTES) break;
    }
  } catch {
    bytes.fill(0);
    throw new ThroughlineError('KEY_UNREADABLE', { name });
  }
  return requireStrong(bytes, { name, exact: length === KEY_BYTES });
}
