import { safeName, ThroughlineError } from '@throughline/core';
import type { Approval, Dsa, Dul, Emou, ReleasePolicy } from '../documents/documents.js';
import { type DocumentSet, documentOf, type Filed } from '../documents/set.js';
import type { Use } from '../documents/terms.js';
import type { FieldManifest } from '../manifest/field-manifest.js';

/** An ISO date, such as 2026-06-16: the day on which a stage asks whether it may work. */
export type Day = string;

type Dated = {
  readonly id: string;
  readonly effective: string;
  readonly expires: string;
  readonly status: string;
};

/**
 * @throws ThroughlineError AGREEMENT_REVOKED, AGREEMENT_NOT_IN_FORCE or AGREEMENT_EXPIRED. Both dates are
 *   inclusive.
 */
export function requireInForce({ document, file }: Filed<Dated>, day: Day): void {
  const place = { document: safeName(document.id), file };
  if (document.status === 'revoked') throw new ThroughlineError('AGREEMENT_REVOKED', place);
  if (day < document.effective) {
    throw new ThroughlineError('AGREEMENT_NOT_IN_FORCE', {
      ...place,
      effective: safeName(document.effective),
    });
  }
  if (day > document.expires) {
    throw new ThroughlineError('AGREEMENT_EXPIRED', { ...place, expired: safeName(document.expires) });
  }
}

/** The agreements under which a partner's records move. */
export type PartnerTerms = { readonly emou: Filed<Emou>; readonly dsa: Filed<Dsa> };

/**
 * The memorandum and the data-sharing agreement of a partner, both in force and permitting a use. A partner has
 * one agreement: with two, the laxer could be the one that is found.
 *
 * @throws ThroughlineError DOCUMENT_MISSING, DOCUMENT_DUPLICATE, PARTY_NOT_COVERED, USE_NOT_PERMITTED,
 *   AGREEMENT_*.
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
 * A field manifest with an approval of its exact bytes that is in force, under an agreement of its partner.
 *
 * @throws ThroughlineError DOCUMENT_MISSING, PARTY_NOT_COVERED, AGREEMENT_*, MANIFEST_NOT_APPROVED (with the
 *   manifest's name).
 */
export function approvedManifest(
  documents: DocumentSet,
  manifestId: string,
  day: Day,
): { manifest: Filed<FieldManifest>; approval: Filed<Approval> } {
  const manifest = documentOf(documents.manifests, manifestId, 'manifest');
  requireInForce(manifest, day);
  requireOwnAgreement(documents, manifest, day);
  const approval = documents.approvals.find(
    ({ document }) =>
      document.manifest === manifestId &&
      document.version === manifest.document.version &&
      document.sha256 === manifest.sha256 &&
      document.on <= day &&
      day <= document.expires,
  );
  if (approval === undefined) {
    throw new ThroughlineError('MANIFEST_NOT_APPROVED', {
      manifest: safeName(manifestId),
      version: manifest.document.version,
      file: manifest.file,
    });
  }
  return { manifest, approval };
}

function requireOwnAgreement(documents: DocumentSet, { document }: Filed<FieldManifest>, day: Day): void {
  const dsa = documentOf(documents.dsas, document.agreement, 'dsa');
  requireInForce(dsa, day);
  if (dsa.document.partner === document.partner) return;
  throw new ThroughlineError('PARTY_NOT_COVERED', {
    partner: safeName(document.partner),
    document: safeName(dsa.document.id),
    manifest: safeName(document.id),
  });
}

/** What governs a release: the strictest of each term over every agreement that bears on it. */
export type ReleaseTerms = {
  /** Counts below this are never published: the highest threshold of all. */
  readonly minCell: number;
  /** Which document set the threshold. */
  readonly minCellFrom: string;
  readonly minIntervalWidth: number;
  readonly rateDecimals: number;
  /** The earliest last day of all documents. */
  readonly expires: string;
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
 * The meet of all agreements that bear on a release: highest threshold, earliest end; every one of them must be
 * in force and permit the release, the licence must name the measures, and its memorandum the partners.
 *
 * @throws ThroughlineError DOCUMENT_MISSING, USE_NOT_PERMITTED, PARTY_NOT_COVERED, AGREEMENT_*.
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
  return meet({ emous, dsas, dul, policy });
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

type Bearing = {
  readonly emous: readonly Filed<Emou>[];
  readonly dsas: readonly Filed<Dsa>[];
  readonly dul: Filed<Dul>;
  readonly policy: Filed<ReleasePolicy>;
};

function meet({ emous, dsas, dul, policy }: Bearing): ReleaseTerms {
  const asked = [
    ...[...emous, ...dsas, dul].map(({ document }) => ({
      id: document.id,
      minCell: document.thresholds.min_cell,
    })),
    { id: policy.document.id, minCell: policy.document.min_cell },
  ];
  const minCell = Math.max(...asked.map((each) => each.minCell));
  const documents = [...emous, ...dsas, dul, policy];
  return {
    minCell,
    minCellFrom: asked.find((each) => each.minCell === minCell)?.id ?? policy.document.id,
    minIntervalWidth: policy.document.min_interval_width,
    rateDecimals: policy.document.rate_decimals,
    expires: documents.map(({ document }) => document.expires).sort()[0] ?? policy.document.expires,
    documents,
  };
}

function uniqueById<Document extends { id: string }>(filed: readonly Filed<Document>[]): Filed<Document>[] {
  return [...new Map(filed.map((each) => [each.document.id, each])).values()];
}
