import { type SafeName, safeName } from '@throughline/core';
import type { Approver } from '../documents/approvers.js';
import type { Attestation, Revocation } from '../documents/documents.js';
import { type Judge, ofKind, type ParsedFile, versionsOf } from '../documents/set.js';
import type { Primitives } from '../signatures/primitives.js';
import { fingerprintOf } from '../signatures/ssh/public-key.js';
import { verifySshSignature } from '../signatures/ssh/verify.js';
import { ATTESTERS, attestersOf, governorOf, type Requirement, requirementOf } from './requirement.js';
import { APPROVAL_NAMESPACE, allowedSignersOf, noonOf, withoutKeys } from './signers.js';
import { type ApprovedBy, isRefused, type NotStanding, type Standing } from './standing.js';

export type ApprovalPrimitives = Pick<Primitives, 'sha256' | 'sha512' | 'verify'>;

/** The first version of a memorandum by its hash, as it was signed at the table: what all trust begins with. */
export type Anchor = { readonly id: string; readonly sha256: string };

type Court = {
  readonly primitives: ApprovalPrimitives;
  readonly anchor: Anchor | undefined;
  readonly all: readonly ParsedFile[];
};
/** A document, and the day for which its approvals are asked. */
type Case = { readonly one: ParsedFile; readonly day: string };

/**
 * Judges documents by the signatures beside them. A document stands on a day if it is not revoked, the document that
 * names its approvers stands, enough different people approved its exact bytes with keys that count on that day, and,
 * from the second version on, it names the bytes of the version before and that version's quorum approved it as well.
 */
export const signatureJudge =
  (primitives: ApprovalPrimitives, anchor?: Anchor): Judge =>
  (all, day) =>
  (one) =>
    standingOf({ primitives, anchor, all }, { one, day });

function standingOf(court: Court, asked: Case): Standing {
  const refusal = revokedBy(court, asked) ?? governorRefusal(court, asked);
  return refusal === undefined ? chainedStanding(court, asked) : { refusal };
}

/** The refusal of the document that would name the approvers: if it does not stand, nobody is one. */
function governorRefusal(court: Court, { one, day }: Case): NotStanding | undefined {
  const governor = governorOf(court.all, { document: one.document, day });
  if (governor === undefined) return undefined;
  const standing = standingOf(court, { one: governor, day });
  return isRefused(standing) ? standing.refusal : undefined;
}

function chainedStanding(court: Court, asked: Case): Standing {
  const loose = unanchored(court, asked.one);
  if (loose !== undefined) return { refusal: loose };
  const own = approvedFor(court, asked, asked);
  if (isRefused(own) || asked.one.document.version === 1) return own;
  const refusal = chainRefusal(court, asked.one);
  return refusal === undefined ? own : { refusal };
}

/** A memorandum names its own approvers, so that only the hash of its first version tells it from a made-up one. */
function unanchored({ anchor }: Court, one: ParsedFile): NotStanding | undefined {
  const { kind, id, version } = one.document;
  if (anchor === undefined || kind !== 'emou' || version !== 1) return undefined;
  if (anchor.id === id && anchor.sha256 === one.sha256) return undefined;
  const rule = safeName('the memorandum whose hash the pipeline names');
  return { code: 'DOCUMENT_NOT_APPROVED', details: { ...placeOf(one), rule } };
}

/** Version n+1 needs the quorum of version n as well (TUF, section 5.3.4), on the last day of version n. */
function chainRefusal(court: Court, one: ParsedFile): NotStanding | undefined {
  const { document } = one;
  const unchained = (rule: string): NotStanding => ({
    code: 'VERSION_UNCHAINED',
    details: { ...placeOf(one), rule: safeName(rule) },
  });
  const before = versionsOf(court.all, document).find(
    ({ document: { version } }) => version === document.version - 1,
  );
  if (!('supersedes' in document) || before === undefined || !('effective' in before.document))
    return unchained('the version before lies beside it');
  if (document.supersedes !== before.sha256)
    return unchained('supersedes names the hash of the version before');
  if (document.effective < before.document.effective)
    return unchained('it takes effect no earlier than the version before');
  const day = lastDayOf(before.document, document.effective);
  const earlierStanding = chainedStanding(court, { one: before, day });
  if (isRefused(earlierStanding)) return unchained('the version before was approved');
  const byItsQuorum = approvedFor(court, { one, day }, { one: before, day });
  return isRefused(byItsQuorum) ? unchained('the quorum of the version before approved it too') : undefined;
}

const dayBefore = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
/** The last day of a version that another one follows; its first, if that follows on the same day. */
function lastDayOf({ effective, expires }: { effective: string; expires: string }, next: string): string {
  const last = earlier(dayBefore(next), expires);
  return last < effective ? effective : last;
}

const earlier = (one: string, other: string): string => (one < other ? one : other);

/** Whether the bytes of one document are approved by the quorum that another (most often itself) asks for. */
function approvedFor(court: Court, { one }: Case, asking: Case): Standing {
  const required = requirementOf(court.all, { document: asking.one.document, day: asking.day });
  if (required === undefined) return { refusal: withoutGovernor(one) };
  const found = approvalsOf(court, { one, day: asking.day }, required);
  const refusal = shortOf(one, required, found);
  return refusal === undefined ? { approvals: found.approvals } : { refusal };
}

const placeOf = ({ document: { id, version }, file }: ParsedFile) => ({
  document: safeName(id),
  version,
  file,
});

const withoutGovernor = (one: ParsedFile): NotStanding => ({
  code: 'DOCUMENT_NOT_APPROVED',
  details: { ...placeOf(one), rule: safeName('the document that names its approvers is there') },
});

type Found = { readonly approvals: readonly ApprovedBy[]; readonly refused: readonly SafeName[] };

function shortOf(
  one: ParsedFile,
  required: Requirement,
  { approvals, refused }: Found,
): NotStanding | undefined {
  const { atLeast, owner } = required;
  const ofOwner = approvals.filter(({ party }) => party === owner?.party).length;
  if (approvals.length >= atLeast && ofOwner >= (owner?.atLeast ?? 0)) return undefined;
  return {
    code: approvals.length === 0 ? 'DOCUMENT_NOT_APPROVED' : 'QUORUM_SHORT',
    details: {
      ...placeOf(one),
      approved_by: approvals.length,
      needed: atLeast,
      ...(owner === undefined
        ? {}
        : { of: safeName(owner.party), approved_by_owner: ofOwner, needed_of_owner: owner.atLeast }),
      ...(refused.length === 0 ? {} : { signatures_refused: refused }),
    },
  };
}

/** Everybody among the approvers who approved the bytes, once each: by signature, or in ink. */
function approvalsOf(court: Court, asked: Case, { approvers }: Requirement): Found {
  const signed = signaturesOf(court, asked, approvers);
  const people = new Map<string, ApprovedBy>();
  for (const each of [...signed.approvals, ...onPaper(court, asked, approvers)])
    if (!people.has(each.person)) people.set(each.person, each);
  return { approvals: [...people.values()], refused: signed.refused };
}

function signaturesOf(court: Court, { one, day }: Case, approvers: readonly Approver[]): Found {
  const message = new TextEncoder().encode(one.text);
  const allowed = allowedSignersOf(withoutKeys(approvers, keysRevoked(court, one, day)));
  const approvals: ApprovedBy[] = [];
  const refused: SafeName[] = [];
  for (const { armored, sha256 } of one.signatures ?? []) {
    const question = { namespace: APPROVAL_NAMESPACE, at: noonOf(day) };
    const verdict = verifySshSignature(court.primitives, { message, armored, allowed }, question);
    const signer =
      'signer' in verdict ? approvers.find(({ person }) => person === verdict.signer.principal) : undefined;
    if (signer === undefined) refused.push(safeName('refusal' in verdict ? verdict.refusal : 'unknown-key'));
    else approvals.push({ person: signer.person, party: signer.party, by: 'signature', sha256 });
  }
  return { approvals, refused };
}

/** Those who signed in ink, to whom two others attest. */
function onPaper(court: Court, { one, day }: Case, approvers: readonly Approver[]): ApprovedBy[] {
  const { kind, id, version } = one.document;
  const about = ofKind(court.all, 'attestation').filter(
    ({ document: { document: named } }) =>
      named.kind === kind && named.id === id && named.version === version && named.sha256 === one.sha256,
  );
  return about.flatMap((attestation) => attested(court, { attestation, one, day }, approvers));
}

type Paper = {
  readonly attestation: ParsedFile<Attestation>;
  readonly one: ParsedFile;
  readonly day: string;
};

function attested(
  court: Court,
  { attestation, one, day }: Paper,
  approvers: readonly Approver[],
): ApprovedBy[] {
  const attesters = attestersOf(court.all, { document: one.document, day });
  const { approvals } = signaturesOf(court, { one: attestation, day }, attesters);
  const people = new Set(approvals.map(({ person }) => person));
  return attestation.document.signed_by.flatMap(({ person, on }) => {
    const witnesses = [...people].filter((each) => each !== person).length;
    const signer = approvers.find((each) => each.person === person);
    if (signer === undefined || witnesses < ATTESTERS || on > day) return [];
    return [{ person, party: signer.party, by: 'paper' as const, sha256: attestation.sha256 }];
  });
}

/** A revocation of a document that itself is not approved stops the document too: somebody meant to end it. */
function revokedBy(court: Court, { one, day }: Case): NotStanding | undefined {
  const { kind, id, version } = one.document;
  const revocation = ofKind(court.all, 'revocation').find(
    ({ document: { revokes, from } }) =>
      !('key' in revokes) &&
      revokes.kind === kind &&
      revokes.document === id &&
      version <= revokes.version &&
      from <= day,
  );
  if (revocation === undefined) return undefined;
  const standing = revocationStanding(court, revocation, day);
  if (isRefused(standing)) return standing.refusal;
  return {
    code: 'AGREEMENT_REVOKED',
    details: {
      ...placeOf(one),
      revocation: safeName(revocation.document.id),
      from: safeName(revocation.document.from),
    },
  };
}

const revocationStanding = (court: Court, revocation: ParsedFile<Revocation>, day: string): Standing => {
  const asked = { one: revocation as ParsedFile, day };
  return approvedFor(court, asked, asked);
};

/** Which keys an approved revocation has ended by a day; the revocation itself cannot be signed with the key it ends. */
function keysRevoked(court: Court, { document }: ParsedFile, day: string): (blob: Uint8Array) => boolean {
  if (document.kind === 'revocation') return keyEndedBy(court, document);
  const ended = ofKind(court.all, 'revocation')
    .filter(({ document: { revokes, from } }) => 'key' in revokes && from <= day)
    .filter((revocation) => !isRefused(revocationStanding(court, revocation, day)))
    .flatMap(({ document: { revokes } }) => ('key' in revokes ? [revokes.key] : []));
  return (blob) => ended.includes(fingerprintOf(court.primitives.sha256, { blob }));
}

const keyEndedBy =
  (court: Court, { revokes }: Revocation) =>
  (blob: Uint8Array): boolean =>
    'key' in revokes && fingerprintOf(court.primitives.sha256, { blob }) === revokes.key;
