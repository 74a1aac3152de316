import { safeName, ThroughlineError } from '@throughline/core';
import { isRefused } from '../approvals/standing.js';
import { requireComplete, requireLicenceComplete, requireManifestComplete } from '../completeness/lacks.js';
import type { Dsa, Dul, Emou, ReleasePolicy } from '../documents/documents.js';
import { type DocumentSet, documentOf, type Filed } from '../documents/set.js';
import type { Recipient, Use } from '../documents/terms.js';
import type { FieldManifest } from '../manifest/field-manifest.js';
import { meetOf, type PolicyMeet } from '../policy/meet.js';
import { type Protection, protectionOf } from '../policy/rules.js';

/** An ISO date, such as 2026-06-16: the day on which a stage asks whether it may work. */
export type Day = string;

type Dated = {
  readonly id: string;
  readonly effective: string;
  readonly expires: string;
  readonly status: string;
};

/**
 * A document that is approved by its quorum, not revoked, and of which the day is one of its days, both included.
 *
 * @throws ThroughlineError DOCUMENT_NOT_APPROVED, QUORUM_SHORT, VERSION_UNCHAINED, AGREEMENT_REVOKED,
 *   AGREEMENT_NOT_IN_FORCE or AGREEMENT_EXPIRED.
 */
export function requireInForce({ document, file, standing }: Filed<Dated>, day: Day): void {
  if (isRefused(standing)) throw new ThroughlineError(standing.refusal.code, standing.refusal.details);
  const place = { document: safeName(document.id), file };
  if (document.status === 'revoked') throw new ThroughlineError('AGREEMENT_REVOKED', place);
  if (day < document.effective) {
    throw new ThroughlineError('AGREEMENT_NOT_IN_FORCE', {
      ...place,
      clause: safeName('effective'),
      effective: safeName(document.effective),
    });
  }
  if (day > document.expires) {
    throw new ThroughlineError('AGREEMENT_EXPIRED', {
      ...place,
      clause: safeName('expires'),
      expired: safeName(document.expires),
    });
  }
}

/** The agreements under which a partner's records move. */
export type PartnerTerms = { readonly emou: Filed<Emou>; readonly dsa: Filed<Dsa> };

/**
 * The memorandum and the data-sharing agreement of a partner, both in force and permitting a use. A partner has
 * one agreement: with two, the laxer could be the one that is found.
 *
 * @throws ThroughlineError DOCUMENT_MISSING, DOCUMENT_DUPLICATE, PARTY_NOT_COVERED, USE_NOT_PERMITTED,
 *   BASIS_INCOMPLETE, and as `requireInForce`.
 */
export function termsOf(
  documents: DocumentSet,
  partner: string,
  asked: { day: Day; use: Use },
): PartnerTerms {
  const dsa = agreementOf(documents, partner);
  const emou = documentOf(documents.emous, dsa.document.emou, 'emou');
  requireInForce(emou, asked.day);
  requireInForce(dsa, asked.day);
  requireParty(emou, partner);
  requireComplete(dsa, asked.day);
  requireUse(dsa, asked.use);
  return { emou, dsa };
}

function agreementOf({ dsas }: DocumentSet, partner: string): Filed<Dsa> {
  const [dsa, rival] = dsas.filter(({ document }) => document.partner === partner);
  if (dsa === undefined) {
    throw new ThroughlineError('DOCUMENT_MISSING', { kind: safeName('dsa'), partner: safeName(partner) });
  }
  if (rival !== undefined) {
    throw new ThroughlineError('DOCUMENT_DUPLICATE', {
      partner: safeName(partner),
      files: [dsa.file, rival.file],
    });
  }
  return dsa;
}

function requireParty({ document }: Filed<Emou>, partner: string): void {
  if (document.parties.includes(partner)) return;
  throw new ThroughlineError('PARTY_NOT_COVERED', {
    partner: safeName(partner),
    document: safeName(document.id),
    clause: safeName('parties'),
  });
}

function requireUse({ document, file }: Filed<Dsa>, asked: Use): void {
  if (document.permitted_uses.includes(asked)) return;
  throw new ThroughlineError('USE_NOT_PERMITTED', {
    use: safeName(asked),
    document: safeName(document.id),
    file,
    clause: safeName('permitted_uses'),
  });
}

/**
 * A field manifest that the people named in its partner's agreement approved, with every field on a basis that the
 * agreement has.
 *
 * @throws ThroughlineError DOCUMENT_MISSING, PARTY_NOT_COVERED, USE_NOT_PERMITTED (a field's basis), BASIS_INCOMPLETE,
 *   and as `requireInForce`.
 */
export function approvedManifest(documents: DocumentSet, manifestId: string, day: Day): Filed<FieldManifest> {
  const manifest = documentOf(documents.manifests, manifestId, 'manifest');
  requireInForce(manifest, day);
  requireOwnAgreement(documents, manifest, day);
  return manifest;
}

function requireOwnAgreement(documents: DocumentSet, manifest: Filed<FieldManifest>, day: Day): void {
  const { document } = manifest;
  const dsa = documentOf(documents.dsas, document.agreement, 'dsa');
  requireInForce(dsa, day);
  requireFieldsCovered(manifest, dsa);
  if (dsa.document.partner === document.partner) return;
  throw new ThroughlineError('PARTY_NOT_COVERED', {
    partner: safeName(document.partner),
    document: safeName(dsa.document.id),
    manifest: safeName(document.id),
  });
}

/** A field moves on a legal basis that the agreement claims, not on one that the manifest made up. */
function requireFieldsCovered({ document, file }: Filed<FieldManifest>, dsa: Filed<Dsa>): void {
  const uncovered = document.fields.filter(({ basis }) => !dsa.document.basis.includes(basis));
  if (uncovered.length > 0) {
    throw new ThroughlineError('USE_NOT_PERMITTED', {
      manifest: safeName(document.id),
      fields: uncovered.slice(0, 10).map(({ name }) => safeName(name)),
      document: safeName(dsa.document.id),
      file,
      clause: safeName('basis'),
    });
  }
  requireManifestComplete({ document, file }, dsa.document);
}

/** What governs a release: the strictest of each term over every agreement that bears on it. */
export type ReleaseTerms = PolicyMeet &
  Protection & {
    /** Breakdowns whose totals everybody has. */
    readonly publicTotals: readonly (readonly string[])[];
    readonly documents: readonly Filed<Emou | Dsa | Dul | ReleasePolicy>[];
  };

export type ReleaseQuestion = {
  readonly partners: readonly string[];
  readonly dul: string;
  readonly policy: string;
  readonly measures: readonly string[];
  readonly day: Day;
};

/**
 * The meet of all agreements that bear on a release: every one of them must be in force and permit the release to
 * those whom it reaches, the licence must name the measures, and its memorandum the partners.
 *
 * @throws ThroughlineError DOCUMENT_MISSING, USE_NOT_PERMITTED, PARTY_NOT_COVERED, BASIS_INCOMPLETE, and as
 *   `requireInForce`.
 */
export function releaseTerms(documents: DocumentSet, asked: ReleaseQuestion): ReleaseTerms {
  const dul = documentOf(documents.duls, asked.dul, 'dul');
  const policy = documentOf(documents.policies, asked.policy, 'release-policy');
  const emou = documentOf(documents.emous, dul.document.emou, 'emou');
  for (const document of [dul, policy, emou]) requireInForce(document, asked.day);
  requireMeasures(dul, asked.measures);
  const use = releaseUse(dul);
  const partnerTerms = asked.partners.map((partner) => termsOf(documents, partner, { day: asked.day, use }));
  for (const partner of asked.partners) requireParty(emou, partner);
  const emous = uniqueById([emou, ...partnerTerms.map((terms) => terms.emou)]);
  const dsas = partnerTerms.map(({ dsa }) => dsa);
  requireRecipients(dsas, dul);
  requireLicenceComplete(
    dul,
    dsas.map(({ document }) => document),
  );
  const bearing = { emous, dsas, dul, policy };
  return {
    ...meetOf(bearing),
    ...protectionOf(bearing),
    publicTotals: policy.document.public_totals ?? [],
    documents: [...emous, ...dsas, dul, policy],
  };
}

/** A licence reaches nobody whom some partner's agreement does not let it reach. */
function requireRecipients(dsas: readonly Filed<Dsa>[], dul: Filed<Dul>): void {
  for (const { document, file } of dsas) {
    const beyond = dul.document.recipients.filter((each: Recipient) => !document.recipients.includes(each));
    if (beyond.length === 0) continue;
    throw new ThroughlineError('USE_NOT_PERMITTED', {
      recipients: beyond.map(safeName),
      licence: safeName(dul.document.id),
      document: safeName(document.id),
      file,
      clause: safeName('recipients'),
    });
  }
}

/** The widest release that a licence permits: every partner must permit it too. */
function releaseUse({ document, file }: Filed<Dul>): Use {
  const widest = (['public-release', 'research-release'] as const).find((each) =>
    document.uses.includes(each),
  );
  if (widest !== undefined) return widest;
  throw new ThroughlineError('USE_NOT_PERMITTED', {
    use: safeName('research-release'),
    document: safeName(document.id),
    file,
    clause: safeName('uses'),
  });
}

function requireMeasures({ document, file }: Filed<Dul>, measures: readonly string[]): void {
  const missing = measures.filter((measure) => !document.measures.includes(measure));
  if (missing.length === 0) return;
  throw new ThroughlineError('USE_NOT_PERMITTED', {
    measures: missing.map(safeName),
    document: safeName(document.id),
    file,
    clause: safeName('measures'),
  });
}

function uniqueById<Document extends { id: string }>(filed: readonly Filed<Document>[]): Filed<Document>[] {
  return [...new Map(filed.map((each) => [each.document.id, each])).values()];
}
