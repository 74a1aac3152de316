import { joinBytes } from '../../proofs/bytes.js';
import type { Primitives, PublicKey } from '../primitives.js';
import { fieldBytes, isSecurityKey, type SshPublicKey } from './public-key.js';
import { readWire, wireUint32 } from './wire.js';

/** A signature in the form that the primitive takes, and what a security key says about how it was made. */
export type Claim = {
  readonly key: PublicKey;
  readonly signature: Uint8Array;
  readonly touch?: { readonly application: string; readonly flags: number; readonly counter: number };
};

/** Why a signature cannot be one of its key. */
export type ClaimRefusal = 'unsupported-algorithm' | 'malformed-signature' | 'no-user-presence';

const USER_PRESENT = 0x01;

/** Reads a signature of a key (RFC 5656, 8332, 8709; PROTOCOL.u2f). */
export function readClaim(sshKey: SshPublicKey, signature: Uint8Array): Claim | ClaimRefusal {
  const wire = readWire(signature);
  const key = keyFor(sshKey, wire.text());
  const bytes = wire.string();
  const touch = isSecurityKey(sshKey.kind)
    ? { application: sshKey.application ?? '', flags: wire.byte(), counter: wire.uint32() }
    : undefined;
  if (key === undefined) return 'unsupported-algorithm';
  const flat = wire.ended() ? flatSignature(key, bytes) : undefined;
  if (flat === undefined) return 'malformed-signature';
  if (touch === undefined) return { key, signature: flat };
  return (touch.flags & USER_PRESENT) === 0 ? 'no-user-presence' : { key, signature: flat, touch };
}

/** The key as a signature algorithm uses it; undefined for SHA-1, WebAuthn and algorithms of other keys. */
function keyFor({ kind, material }: SshPublicKey, algorithm: string): PublicKey | undefined {
  if (material.algorithm !== 'rsa') return algorithm === kind ? material : undefined;
  if (algorithm === 'rsa-sha2-256') return { ...material, hash: 'sha256' };
  return algorithm === 'rsa-sha2-512' ? { ...material, hash: 'sha512' } : undefined;
}

const ED25519_SIGNATURE_BYTES = 64;

function flatSignature(key: PublicKey, bytes: Uint8Array): Uint8Array | undefined {
  switch (key.algorithm) {
    case 'ed25519':
      return bytes.length === ED25519_SIGNATURE_BYTES ? bytes : undefined;
    case 'rsa':
      // RFC 8332 leaves leading zeros open, and some agents drop them.
      return padded(bytes, key.modulus.length);
    case 'ecdsa':
      return flatEcdsa(bytes, fieldBytes[key.curve]);
  }
}

function flatEcdsa(bytes: Uint8Array, width: number): Uint8Array | undefined {
  const wire = readWire(bytes);
  const halves = [padded(wire.mpint(), width), padded(wire.mpint(), width)];
  const known = halves.filter((half) => half !== undefined);
  return wire.ended() && known.length === 2 ? joinBytes(known) : undefined;
}

const padded = (bytes: Uint8Array, width: number): Uint8Array | undefined =>
  bytes.length <= width ? joinBytes([new Uint8Array(width - bytes.length), bytes]) : undefined;

/** A security key signs its application, flags and counter around a hash of what it is asked to sign. */
export function signedMessage(
  { sha256 }: Pick<Primitives, 'sha256'>,
  { touch }: Claim,
  blob: Uint8Array,
): Uint8Array {
  if (touch === undefined) return blob;
  const { application, flags, counter } = touch;
  return joinBytes([
    sha256(new TextEncoder().encode(application)),
    Uint8Array.of(flags),
    wireUint32(counter),
    sha256(blob),
  ]);
}
