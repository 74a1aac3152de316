import { joinBytes } from '../../proofs/bytes.js';
import type { Primitives } from '../primitives.js';
import type { SshSigningKey } from './private-key.js';
import { formatSshSignature, signedBlob } from './signature.js';
import { wireString } from './wire.js';

/**
 * Signs a message as `ssh-keygen -Y sign` would, with the same bytes as the result.
 *
 * @throws RangeError if the namespace is empty.
 */
export function signSsh(
  primitives: Pick<Primitives, 'sha256' | 'sha512' | 'signEd25519'>,
  message: Uint8Array,
  { key, namespace }: { readonly key: SshSigningKey; readonly namespace: string },
): string {
  if (namespace === '') throw new RangeError('signSsh: a namespace expected');
  const hash = 'sha512';
  const signed = primitives.signEd25519(key.seed, signedBlob(primitives, message, { namespace, hash }));
  return formatSshSignature({
    publicKey: key.publicKey.blob,
    namespace,
    hash,
    signature: joinBytes([wireString(key.publicKey.kind), wireString(signed)]),
  });
}
