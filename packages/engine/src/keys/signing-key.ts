import { readSync } from 'node:fs';
import { parseSigningKey, type SshSigningKey } from '@throughline/agreement';
import { ThroughlineError } from '@throughline/core';
import { fileName } from '../files/ordinary.js';
import { openPrivate } from './key-file.js';

const LARGEST_KEY = 16 * 1024;

/**
 * Works with the SSH key of a person and erases it. The file is what `ssh-keygen -t ed25519` writes, without a
 * passphrase.
 *
 * @throws ThroughlineError KEY_UNREADABLE, KEY_EXPOSED, SIGNING_KEY_ENCRYPTED, SIGNING_KEY_UNSUPPORTED. The rule is
 *   named, never the content.
 */
export async function withSigningKey<T>(
  path: string,
  userId: number | undefined,
  work: (key: SshSigningKey) => T | Promise<T>,
): Promise<T> {
  const { fd, bytes, close } = await openPrivate(path, userId);
  const content = Buffer.alloc(Math.min(bytes, LARGEST_KEY));
  try {
    if (bytes > LARGEST_KEY) throw new ThroughlineError('SIGNING_KEY_UNSUPPORTED', { name: fileName(path) });
    readSync(fd, content);
    const key = parseSigningKey(content.toString('utf8'));
    try {
      return await work(key);
    } finally {
      key.seed.fill(0);
    }
  } finally {
    content.fill(0);
    close();
  }
}
