import type { Hash } from '../../proofs/hash.js';
import { toBase64 } from '../base64.js';
import type { Curve, PublicKey } from '../primitives.js';
import { readWire, type WireReader } from './wire.js';

const SECURITY_KEY_ED25519 = 'sk-ssh-ed25519@openssh.com';
const SECURITY_KEY_ECDSA = 'sk-ecdsa-sha2-nistp256@openssh.com';

/** The kinds of SSH keys whose signatures are accepted. No DSA, no certificates. */
export const sshKeyKinds = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'ssh-rsa',
  SECURITY_KEY_ED25519,
  SECURITY_KEY_ECDSA,
] as const;

export type SshKeyKind = (typeof sshKeyKinds)[number];

/** Ed25519 and ECDSA: the key. RSA: the key without the hash, which each signature chooses. */
export type KeyMaterial =
  | Extract<PublicKey, { algorithm: 'ed25519' | 'ecdsa' }>
  | Omit<Extract<PublicKey, { algorithm: 'rsa' }>, 'hash'>;

/** An SSH public key. `blob` is its wire form, by which keys are compared. */
export type SshPublicKey = {
  readonly kind: SshKeyKind;
  readonly material: KeyMaterial;
  readonly blob: Uint8Array;
  /** What a security key signs for, such as `ssh:`; only security keys have one. */
  readonly application?: string;
};

/** Why a key is not accepted. */
export type KeyRefusal = 'unsupported-key' | 'malformed-key' | 'weak-rsa-key';

/** Bytes of a coordinate, and of each half of a signature. */
export const fieldBytes = { nistp256: 32, nistp384: 48, nistp521: 66 } as const satisfies Record<
  Curve,
  number
>;

const ED25519_BYTES = 32;
const UNCOMPRESSED = 0x04;
const RSA_LEAST_BITS = 2048;
// OpenSSH's own limit; verifying with more takes long.
const RSA_MOST_BITS = 16_384;
const RSA_LONGEST_EXPONENT = 8;

/** The key in a public key's wire form (RFC 4253, 5656, 8709; PROTOCOL.u2f). */
export function parsePublicKey(blob: Uint8Array): SshPublicKey | KeyRefusal {
  const wire = readWire(blob);
  const name = wire.text();
  const kind = sshKeyKinds.find((each) => each === name);
  if (kind === undefined) return 'unsupported-key';
  const material = readMaterial(kind, wire);
  const application = isSecurityKey(kind) ? { application: wire.text() } : {};
  if (!wire.ended() || material === undefined) return 'malformed-key';
  const weakness = weaknessOf(material);
  return weakness ?? { kind, material, blob, ...application };
}

/** Whether signatures come from a hardware token. */
export const isSecurityKey = (kind: SshKeyKind): boolean =>
  kind === SECURITY_KEY_ED25519 || kind === SECURITY_KEY_ECDSA;

function readMaterial(kind: SshKeyKind, wire: WireReader): KeyMaterial | undefined {
  switch (kind) {
    case 'ssh-ed25519':
    case SECURITY_KEY_ED25519:
      return readEd25519(wire);
    case 'ssh-rsa':
      return readRsa(wire);
    case SECURITY_KEY_ECDSA:
    case 'ecdsa-sha2-nistp256':
      return readEcdsa('nistp256', wire);
    case 'ecdsa-sha2-nistp384':
      return readEcdsa('nistp384', wire);
    case 'ecdsa-sha2-nistp521':
      return readEcdsa('nistp521', wire);
  }
}

function readEd25519(wire: WireReader): KeyMaterial | undefined {
  const bytes = wire.string();
  return bytes.length === ED25519_BYTES ? { algorithm: 'ed25519', bytes } : undefined;
}

function readEcdsa(curve: Curve, wire: WireReader): KeyMaterial | undefined {
  const named = wire.text();
  const point = wire.string();
  const isPoint = point.length === 1 + 2 * fieldBytes[curve] && point[0] === UNCOMPRESSED;
  return named === curve && isPoint ? { algorithm: 'ecdsa', curve, point } : undefined;
}

function readRsa(wire: WireReader): KeyMaterial {
  const exponent = wire.mpint();
  return { algorithm: 'rsa', exponent, modulus: wire.mpint() };
}

function weaknessOf(material: KeyMaterial): KeyRefusal | undefined {
  if (material.algorithm !== 'rsa') return undefined;
  const { modulus, exponent } = material;
  const bits = bitsOf(modulus);
  if (bits < RSA_LEAST_BITS) return 'weak-rsa-key';
  const lowest = exponent.at(-1) ?? 0;
  // With the exponent 1 every message is its own signature.
  const isExponent = lowest % 2 === 1 && (exponent.length > 1 || lowest > 1);
  const isUsable = isExponent && exponent.length <= RSA_LONGEST_EXPONENT && bits <= RSA_MOST_BITS;
  return isUsable ? undefined : 'weak-rsa-key';
}

const bitsOf = ([first = 0, ...rest]: Uint8Array): number => 8 * rest.length + (32 - Math.clz32(first));

/** A key's fingerprint as OpenSSH prints it: `SHA256:` and Base64 without padding. */
export const fingerprintOf = (sha256: Hash, { blob }: Pick<SshPublicKey, 'blob'>): string =>
  `SHA256:${toBase64(sha256(blob)).replace(/=+$/, '')}`;
