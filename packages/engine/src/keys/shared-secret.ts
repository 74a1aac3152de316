import { createReadStream, readSync } from 'node:fs';
import { safeName, ThroughlineError } from '@throughline/core';
import { fileName, type Refusal } from '../files/ordinary.js';
import { openPrivate, type SecretKey } from './key-file.js';

const SHORTEST = 8;
const LONGEST = 4096;
const LINE_END = 10;

/**
 * A secret that parties share for an encoding of another system, which says itself what it looks like: 8 to 4096 bytes
 * without a line end behind them. Of a file of the current user with mode 0600, or an open descriptor to its end.
 *
 * @throws ThroughlineError KEY_UNREADABLE, KEY_EXPOSED, KEY_WEAK.
 */
export async function readSharedSecret(
  place: string | number,
  userId: number | undefined,
): Promise<SecretKey> {
  const name = typeof place === 'string' ? fileName(place) : safeName(`descriptor ${place}`);
  const bytes = typeof place === 'string' ? await ofFile(place, userId) : await ofDescriptor(place, name);
  const broken =
    bytes.length < SHORTEST || bytes.length > LONGEST
      ? '8 to 4096 bytes'
      : bytes.at(-1) === LINE_END
        ? 'no line end behind the secret'
        : undefined;
  if (broken === undefined) return { bytes, erase: () => void bytes.fill(0) };
  bytes.fill(0);
  throw new ThroughlineError('KEY_WEAK', { name, rule: safeName(broken) });
}

async function ofFile(path: string, userId: number | undefined): Promise<Uint8Array> {
  const { fd, close } = await openPrivate(path, userId);
  try {
    const buffer = new Uint8Array(LONGEST + 1);
    return cut(buffer, readSync(fd, buffer));
  } finally {
    close();
  }
}

async function ofDescriptor(descriptor: number, name: Refusal['name']): Promise<Uint8Array> {
  const buffer = new Uint8Array(LONGEST + 1);
  let length = 0;
  try {
    for await (const chunk of createReadStream('', { fd: descriptor, autoClose: false })) {
      const piece: Uint8Array = chunk;
      buffer.set(piece.subarray(0, buffer.length - length), length);
      length = Math.min(buffer.length, length + piece.length);
      piece.fill(0);
      if (length === buffer.length) break;
    }
  } catch {
    buffer.fill(0);
    throw new ThroughlineError('KEY_UNREADABLE', { name });
  }
  return cut(buffer, length);
}

/** The beginning of a buffer, which is erased. */
function cut(buffer: Uint8Array, length: number): Uint8Array {
  const bytes = buffer.slice(0, length);
  buffer.fill(0);
  return bytes;
}
