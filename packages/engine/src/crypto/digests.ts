import { createHash, createHmac } from 'node:crypto';

/** What an attacker tries who has no key: the usual hash functions, some of them weak. Never for our own use. */
export const digestNames = [
  'md5',
  'sha1',
  'sha256',
  'sha512',
  'sha3-256',
  'blake2b512',
  'blake2s256',
] as const;
export type DigestName = (typeof digestNames)[number];

export const digestOf = (name: DigestName, message: string): Uint8Array =>
  createHash(name).update(message, 'utf8').digest();

export const hmacOf = (name: DigestName, key: string | Uint8Array, message: string): Uint8Array =>
  createHmac(name, key).update(message, 'utf8').digest();
