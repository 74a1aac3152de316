import { safeName, ThroughlineError } from '@throughline/core';
import { joinBytes, sameBytes } from '../../proofs/bytes.js';
import { toBase64 } from '../base64.js';
import { armor, dearmor } from './armor.js';
import { parsePublicKey, type SshPublicKey } from './public-key.js';
import { readWire, wireString, wireUint32 } from './wire.js';

/** An Ed25519 key that can sign. Whoever opens one overwrites `seed` when done. */
export type SshSigningKey = { readonly publicKey: SshPublicKey; readonly seed: Uint8Array };

const MAGIC = new TextEncoder().encode('openssh-key-v1\0');
const BLOCK_BYTES = 8;
const SEED_BYTES = 32;
const ED25519 = 'ssh-ed25519';

/**
 * The key of an OpenSSH private key file: Ed25519, without a passphrase (PROTOCOL.key).
 *
 * @throws ThroughlineError SIGNING_KEY_ENCRYPTED, SIGNING_KEY_UNSUPPORTED. The rule is named, never the content.
 */
export function parseSigningKey(text: string): SshSigningKey {
  const blob = dearmor('OPENSSH PRIVATE KEY', text);
  if (typeof blob === 'string') throw unsupported('the format of OpenSSH');
  const { publicKey, privateKeys } = readContainer(blob);
  const key = parsePublicKey(publicKey);
  if (typeof key === 'string' || key.kind !== 'ssh-ed25519') throw unsupported('an Ed25519 key');
  return { publicKey: key, seed: readSeed(privateKeys, publicKey) };
}

function readContainer(blob: Uint8Array): { publicKey: Uint8Array; privateKeys: Uint8Array } {
  const wire = readWire(blob);
  const magic = wire.bytes(MAGIC.length);
  const cipher = wire.text();
  if (!sameBytes(magic, MAGIC) || cipher === '') throw unsupported('the format of OpenSSH');
  if (cipher !== 'none') throw new ThroughlineError('SIGNING_KEY_ENCRYPTED');
  const kdf = wire.text();
  const kdfOptions = wire.string();
  const count = wire.uint32();
  const publicKey = wire.string();
  const privateKeys = wire.string();
  const isPlain = kdf === 'none' && kdfOptions.length === 0 && count === 1;
  if (!isPlain || !wire.ended()) throw unsupported('one whole key');
  return { publicKey, privateKeys };
}

/** The private half has the two check integers, then the key with its public half twice more, then padding. */
function readSeed(privateKeys: Uint8Array, publicKey: Uint8Array): Uint8Array {
  const wire = readWire(privateKeys);
  const checks = [wire.uint32(), wire.uint32()];
  const kind = wire.text();
  const point = wire.string();
  const secret = wire.string();
  wire.string();
  const padding = wire.rest();
  const isWhole = wire.ended() && checks[0] === checks[1] && kind === 'ssh-ed25519' && isPadding(padding);
  const isPaired =
    sameBytes(secret.subarray(SEED_BYTES), point) && sameBytes(point, publicKey.subarray(-SEED_BYTES));
  if (!isWhole || !isPaired || privateKeys.length % BLOCK_BYTES !== 0) throw unsupported('one whole key');
  return secret.slice(0, SEED_BYTES);
}

/** A key from its seed and the public half that belongs to it, 32 bytes each. */
export function signingKeyOf(seed: Uint8Array, publicBytes: Uint8Array): SshSigningKey {
  const publicKey = parsePublicKey(joinBytes([wireString(ED25519), wireString(publicBytes)]));
  if (typeof publicKey === 'string') throw new RangeError('signingKeyOf: 32 bytes expected');
  return { publicKey, seed };
}

/** The line of a `.pub` file. */
export const publicKeyLine = ({ kind, blob }: SshPublicKey): string => `${kind} ${toBase64(blob)}`;

/** A private key file as OpenSSH writes it, without a passphrase. */
export function formatSigningKey({ publicKey, seed }: SshSigningKey): string {
  const publicBytes = publicKey.blob.subarray(-SEED_BYTES);
  const check = wireUint32(0);
  const secret = wireString(joinBytes([seed, publicBytes]));
  const unpadded = joinBytes([
    check,
    check,
    wireString(ED25519),
    wireString(publicBytes),
    secret,
    wireString(''),
  ]);
  const padding = Uint8Array.from({ length: -unpadded.length & (BLOCK_BYTES - 1) }, (_, place) => place + 1);
  const head = [MAGIC, wireString('none'), wireString('none'), wireString(''), wireUint32(1)];
  const body = [wireString(publicKey.blob), wireString(joinBytes([unpadded, padding]))];
  return armor('OPENSSH PRIVATE KEY', joinBytes([...head, ...body]));
}

const isPadding = (bytes: Uint8Array): boolean =>
  bytes.length < BLOCK_BYTES && bytes.every((byte, place) => byte === place + 1);

const unsupported = (expected: string): ThroughlineError =>
  new ThroughlineError('SIGNING_KEY_UNSUPPORTED', { expected: safeName(expected) });
