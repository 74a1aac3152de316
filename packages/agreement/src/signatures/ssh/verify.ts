import { sameBytes } from '../../proofs/bytes.js';
import type { Primitives } from '../primitives.js';
import type { AllowedSigner } from './allowed-signers.js';
import { type ClaimRefusal, readClaim, signedMessage } from './claim.js';
import {
  fingerprintOf,
  type KeyRefusal,
  parsePublicKey,
  type SshKeyKind,
  type SshPublicKey,
} from './public-key.js';
import { parseSshSignature, type SignatureRefusal, signedBlob } from './signature.js';

/** What a signature must be for, and the time for which it is judged, in seconds since 1970-01-01 UTC. */
export type SignatureQuestion = { readonly namespace: string; readonly at: number };

/** Who signed. Two signatures are by two people only if their principals differ. */
export type SshSigner = {
  readonly principal: string;
  /** `SHA256:` and Base64, as `ssh-keygen -l` prints it. */
  readonly fingerprint: string;
  readonly kind: SshKeyKind;
};

/** What is said against using a key here and now. */
type Objection = 'namespace-not-allowed' | 'not-yet-valid' | 'expired';

/** Why a signature does not count. */
export type SshRefusal =
  | SignatureRefusal
  | KeyRefusal
  | ClaimRefusal
  | Objection
  | 'wrong-namespace'
  | 'unknown-key'
  | 'bad-signature';

/** A message's exact bytes, the armored signature over them, and whose signatures count. */
export type SignedMessage = {
  readonly message: Uint8Array;
  readonly armored: string;
  readonly allowed: readonly AllowedSigner[];
};

/**
 * Verifies a signature made by `ssh-keygen -Y sign`. Whatever it accepts, `ssh-keygen -Y verify` accepts too; it
 * is stricter: nothing around or behind the signature, RSA of 2048 bits or more, a touch for each signature of a
 * security key, no certificates, no WebAuthn.
 */
export function verifySshSignature(
  primitives: Pick<Primitives, 'sha256' | 'sha512' | 'verify'>,
  { message, armored, allowed }: SignedMessage,
  question: SignatureQuestion,
): { readonly signer: SshSigner } | { readonly refusal: SshRefusal } {
  const parsed = parseSshSignature(armored);
  if (typeof parsed === 'string') return { refusal: parsed };
  if (parsed.namespace !== question.namespace) return { refusal: 'wrong-namespace' };
  const key = parsePublicKey(parsed.publicKey);
  if (typeof key === 'string') return { refusal: key };
  const permission = permissionOf(key, allowed, question);
  if (typeof permission === 'string') return { refusal: permission };
  const claim = readClaim(key, parsed.signature);
  if (typeof claim === 'string') return { refusal: claim };
  const signed = signedMessage(primitives, claim, signedBlob(primitives, message, parsed));
  if (!primitives.verify(claim.key, signed, claim.signature)) return { refusal: 'bad-signature' };
  const fingerprint = fingerprintOf(primitives.sha256, key);
  return { signer: { principal: permission.principal, fingerprint, kind: key.kind } };
}

/** The first line of the key that permits its use here, or what its first line says against it. */
function permissionOf(
  key: SshPublicKey,
  allowed: readonly AllowedSigner[],
  question: SignatureQuestion,
): AllowedSigner | Objection | 'unknown-key' {
  const answers = allowed
    .filter((signer) => sameBytes(signer.key.blob, key.blob))
    .map((signer) => objectionTo(signer, question) ?? signer);
  return answers.find((answer) => typeof answer !== 'string') ?? answers[0] ?? 'unknown-key';
}

function objectionTo(signer: AllowedSigner, { namespace, at }: SignatureQuestion): Objection | undefined {
  const {
    namespaces,
    validAfter = Number.NEGATIVE_INFINITY,
    validBefore = Number.POSITIVE_INFINITY,
  } = signer;
  if (namespaces !== undefined && !namespaces.includes(namespace)) return 'namespace-not-allowed';
  if (!(at >= validAfter)) return 'not-yet-valid';
  if (!(at <= validBefore)) return 'expired';
  return undefined;
}
