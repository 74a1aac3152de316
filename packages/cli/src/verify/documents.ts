import { join } from 'node:path';
import { type AllowedSigner, APPROVAL_NAMESPACE, verifySshSignature } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import { bytesOfSmall, namesIn, primitives, sha256Of } from '@throughline/engine';
import type { Chain, Step } from './chain.js';

/** The files of the evidence by the SHA-256 of their bytes. */
export type Filed = ReadonlyMap<string, Uint8Array>;

const LARGEST_FILE = 4 * 1024 ** 2;

/** Every document and signature file of the evidence. */
export async function readDocumentsOf(folder: string): Promise<Filed> {
  const found = new Map<string, Uint8Array>();
  for (const name of await namesIn(folder)) {
    for (const file of (await namesIn(join(folder, name))).filter((each) => /\.(?:ya?ml|sig)$/i.test(each))) {
      const refusal = {
        missing: 'CONFIG_UNREADABLE',
        refused: 'CONFIG_UNREADABLE',
        name: safeName(file),
      } as const;
      const bytes = await bytesOfSmall(join(folder, name, file), refusal, LARGEST_FILE);
      found.set(sha256Of(bytes), bytes);
    }
  }
  return found;
}

export type JudgedDocument = Pick<Reference, 'kind' | 'id' | 'version' | 'sha256'> & {
  /** How many of the approvals that the log names are signatures. */
  readonly signatures: number;
  /** Whose they are, by the keys that the verifier knows. */
  readonly principals: readonly string[];
};

type Reference = Step['entry']['documents'][number];
type Judging = { readonly chain: Chain; readonly signers: readonly AllowedSigner[] | undefined };

/**
 * Every document under which the chain was made: its bytes and its approvals are at hand, as the log names them, and
 * each signature is over these bytes by a key that the verifier knows.
 *
 * @throws ThroughlineError EVIDENCE_LACKING
 */
export function judgeDocuments(files: Filed, { chain, signers }: Judging): JudgedDocument[] {
  const references = new Map<string, { reference: Reference; at: string }>();
  for (const { entry } of chain.steps) {
    for (const reference of entry.documents)
      references.set(`${reference.kind} ${reference.id} ${reference.version} ${reference.sha256}`, {
        reference,
        at: entry.at,
      });
  }
  return [...references.keys()].sort().flatMap((name) => {
    const found = references.get(name);
    return found === undefined ? [] : [judged(files, found, signers)];
  });
}

type Named = { readonly reference: Reference; readonly at: string };

function judged(files: Filed, { reference, at }: Named, signers: Judging['signers']): JudgedDocument {
  const { kind, id, version, sha256, approvals = [] } = reference;
  const bytes = files.get(sha256);
  if (bytes === undefined) throw lacking('documents', reference, 'the very file that the log names');
  const armored = approvals.flatMap((hash) => {
    const file = files.get(hash);
    if (file === undefined) throw lacking('approvals', reference, 'every approval that the log names');
    const text = new TextDecoder().decode(file);
    return text.startsWith('-----BEGIN SSH SIGNATURE-----') ? [text] : [];
  });
  const principals =
    signers === undefined
      ? []
      : armored.map((each) => signerOf(reference, { bytes, armored: each, at }, signers));
  return {
    kind,
    id,
    version,
    sha256,
    signatures: armored.length,
    principals: [...new Set(principals)].sort(),
  };
}

type Signed = { readonly bytes: Uint8Array; readonly armored: string; readonly at: string };

function signerOf(
  reference: Reference,
  { bytes, armored, at }: Signed,
  allowed: readonly AllowedSigner[],
): string {
  const question = { namespace: APPROVAL_NAMESPACE, at: Date.parse(at) / 1000 };
  const verdict = verifySshSignature(primitives, { message: bytes, armored, allowed }, question);
  if ('signer' in verdict) return verdict.signer.principal;
  throw lacking('signatures', reference, verdict.refusal);
}

const lacking = (step: string, { kind, id, version }: Reference, rule: string): ThroughlineError =>
  new ThroughlineError('EVIDENCE_LACKING', {
    step: safeName(step),
    kind: safeName(kind),
    document: safeName(id),
    version,
    rule: safeName(rule),
  });
