import { type DocumentSet, type Filed, isRefused } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import type { ReadArtifact } from '../artifacts/read.js';

type Named = { readonly kind: string; readonly id: string };

/**
 * What was taken in under a document goes no further once that is revoked, whichever stage comes next and whatever
 * documents it asks for itself. A document that is not at hand, such as a manifest at the linkage unit, is not asked.
 *
 * @throws ThroughlineError AGREEMENT_REVOKED with the document, the revocation, and the kind and owner of the input.
 */
export function requireNoneRevoked(inputs: readonly ReadArtifact[], documents: DocumentSet): void {
  for (const { kind, of, manifest } of inputs) {
    for (const made of manifest.documents) {
      const standing = standingOf(documents, made)?.standing;
      if (standing === undefined || !isRefused(standing)) continue;
      const { code, details } = standing.refusal;
      if (code === 'AGREEMENT_REVOKED')
        throw new ThroughlineError(code, { ...details, input: safeName(kind), input_of: safeName(of) });
    }
  }
}

function standingOf({ emous, dsas, duls, policies, manifests }: DocumentSet, { kind, id }: Named) {
  const all: Filed<Named>[] = [...emous, ...dsas, ...duls, ...policies, ...manifests];
  return all.find(({ document }) => document.kind === kind && document.id === id);
}
