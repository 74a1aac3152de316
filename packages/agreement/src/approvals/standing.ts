import type { ErrorCode, ErrorDetails, Sha256 } from '@throughline/core';

/** One approval that counts: whose, and the hash of the signature file or attestation that holds it. */
export type ApprovedBy = {
  readonly person: string;
  readonly party: string;
  readonly by: 'signature' | 'paper';
  readonly sha256: Sha256;
};

/** Why a document does not stand. */
export type NotStanding = {
  readonly code: Extract<
    ErrorCode,
    'DOCUMENT_NOT_APPROVED' | 'QUORUM_SHORT' | 'VERSION_UNCHAINED' | 'AGREEMENT_REVOKED'
  >;
  readonly details: ErrorDetails;
};

/** Whether a document is approved, on one day: by whom, or why not. */
export type Standing = { readonly approvals: readonly ApprovedBy[] } | { readonly refusal: NotStanding };

export const isRefused = (standing: Standing): standing is { readonly refusal: NotStanding } =>
  'refusal' in standing;
