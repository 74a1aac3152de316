import { generateKeyPairSync } from 'node:crypto';
import { type NoteKeyKind, type NoteSigningKey, noteKey } from '@throughline/agreement';
import { primitives } from './primitives.js';

/** A fresh Ed25519 key pair: seed and public key. */
export function newPair(): { seed: Uint8Array; publicKey: Uint8Array } {
  const { d = '', x = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const [seed, publicKey] = [d, x].map((part) => Uint8Array.from(Buffer.from(part, 'base64url')));
  if (seed === undefined || publicKey === undefined) throw new Error('a key pair expected');
  return { seed, publicKey };
}

/** A signer of notes, with a fresh key or a given one. */
export function noteSigner(name: string, kind: NoteKeyKind, pair = newPair()): NoteSigningKey {
  return { key: noteKey(primitives.sha256, { name, kind, publicKey: pair.publicKey }), seed: pair.seed };
}
