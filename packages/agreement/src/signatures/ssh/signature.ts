import { joinBytes } from '../../proofs/bytes.js';
import type { Primitives } from '../primitives.js';
import { type ArmorRefusal, armor, dearmor } from './armor.js';
import { readWire, wireString, wireUint32 } from './wire.js';

/** The hashes that a message may be reduced to before it is signed. SHA-1 is none of them. */
export type MessageHash = 'sha256' | 'sha512';

/** A detached signature as `ssh-keygen -Y sign` writes it: PROTOCOL.sshsig, blob format. */
export type SshSignature = {
  /** The signer's public key in its wire form. */
  readonly publicKey: Uint8Array;
  readonly namespace: string;
  readonly hash: MessageHash;
  /** The signature in the wire form of its algorithm. */
  readonly signature: Uint8Array;
};

/** Why a text is not a signature. */
export type SignatureRefusal =
  | ArmorRefusal
  | 'too-long'
  | 'malformed'
  | 'unsupported-version'
  | 'reserved-field-used'
  | 'unsupported-hash';

const MAGIC = new TextEncoder().encode('SSHSIG');
const VERSION = 1;
// More than a signature by the largest RSA key takes.
const LONGEST_ARMORED = 16 * 1024;

/** The fields of an armored signature, none of them verified. */
export function parseSshSignature(armored: string): SshSignature | SignatureRefusal {
  if (armored.length > LONGEST_ARMORED) return 'too-long';
  const blob = dearmor('SSH SIGNATURE', armored);
  return typeof blob === 'string' ? blob : parseBlob(blob);
}

function parseBlob(blob: Uint8Array): SshSignature | SignatureRefusal {
  const wire = readWire(blob);
  const magic = wire.bytes(MAGIC.length);
  const version = wire.uint32();
  const publicKey = wire.string();
  const namespace = wire.text();
  const reserved = wire.string();
  const hash = wire.text();
  const signature = wire.string();
  if (!MAGIC.every((byte, place) => byte === magic[place])) return 'malformed';
  if (version !== VERSION) return 'unsupported-version';
  if (!wire.ended() || namespace === '') return 'malformed';
  // OpenSSH ignores this field and does not sign it, so that it could be filled in afterwards.
  if (reserved.length > 0) return 'reserved-field-used';
  if (hash !== 'sha256' && hash !== 'sha512') return 'unsupported-hash';
  return { publicKey, namespace, hash, signature };
}

/** The armored form, byte for byte as ssh-keygen writes it. */
export const formatSshSignature = ({ publicKey, namespace, hash, signature }: SshSignature): string =>
  armor(
    'SSH SIGNATURE',
    joinBytes([
      MAGIC,
      wireUint32(VERSION),
      wireString(publicKey),
      wireString(namespace),
      wireString(''),
      wireString(hash),
      wireString(signature),
    ]),
  );

/** What is signed in place of a message: PROTOCOL.sshsig, signed data. */
export const signedBlob = (
  primitives: Pick<Primitives, MessageHash>,
  message: Uint8Array,
  { namespace, hash }: Pick<SshSignature, 'namespace' | 'hash'>,
): Uint8Array =>
  joinBytes([
    MAGIC,
    wireString(namespace),
    wireString(''),
    wireString(hash),
    wireString(primitives[hash](message)),
  ]);
