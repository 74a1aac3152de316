import {
  type AgreementDocument,
  type FieldManifest,
  householdRules,
  type InteropProfile,
  interopWarnings,
  type ParsedFile,
  tellsDuplicates,
} from '@throughline/agreement';

/** What a document says, for somebody who is asked to approve it. */
export function wordsOf({ document, sha256 }: ParsedFile): string[] {
  return [
    `${document.kind} ${document.id}, version ${document.version}`,
    ...('title' in document
      ? [`  ${document.title}`, `  in force from ${document.effective} to ${document.expires}`]
      : []),
    ...contentOf(document),
    `  sha256 ${sha256}`,
  ];
}

const weaker = (profile: InteropProfile): string =>
  `  CONSENTS to ${profile}, which is weaker: ${interopWarnings[profile]}`;

const DUPLICATES_TOLD: readonly string[] = [
  '  LETS owners tell which of their own records are one child: each judges its records by names, birth date and the other',
  '    identifiers at its own desk, and tells the linkage unit record numbers alone; only of kinds of record in which a child',
  '    may occur twice',
];

function contentOf(document: AgreementDocument): string[] {
  switch (document.kind) {
    case 'emou':
      return [
        `  parties: ${document.parties.join(', ')}`,
        ...document.approvers.map(
          ({ person, name, role, approves }) =>
            `  approver ${person}: ${name}, ${role}; ${approves.join(', ')}`,
        ),
        ...(document.linkage.interop ?? []).map(({ profile }) => weaker(profile)),
        ...(tellsDuplicates(document.linkage) ? DUPLICATES_TOLD : []),
        ...householdRules(document.linkage).map(
          ({ name, parts }) =>
            `  GRANTS a household index: ${name} may show who lives together, by ${parts.join(', ')}`,
        ),
      ];
    case 'dsa':
      return [
        `  partner: ${document.partner}; legal basis: ${document.basis.join(', ')}`,
        `  permitted: ${document.permitted_uses.join(', ')}`,
        `  prohibited: ${document.prohibited_uses.join(', ')}`,
        `  reaches: ${document.recipients.join(', ')}; no count below ${document.thresholds.min_cell}`,
        ...(document.weaker_encodings ?? []).map(weaker),
      ];
    case 'dul':
      return [
        `  ${document.project}`,
        `  licensee: ${document.licensee}; measures: ${document.measures.join(', ')}`,
        `  reaches: ${document.recipients.join(', ')}; no count below ${document.thresholds.min_cell}`,
      ];
    case 'release-policy':
      return [
        `  no count below ${document.min_cell}; an attacker is left a doubt of ${document.min_interval_width}`,
      ];
    case 'manifest':
      return fieldLines(document);
    case 'revocation':
      return [
        'key' in document.revokes
          ? `  ends the key ${document.revokes.key} from ${document.from}`
          : `  ends ${document.revokes.kind} ${document.revokes.document} up to version ${document.revokes.version} from ${document.from}`,
        `  ${document.reason}`,
      ];
    case 'attestation':
      return [
        `  that ${document.signed_by.map(({ person, on }) => `${person} on ${on}`).join(', ')} signed on paper`,
        `  ${document.document.kind} ${document.document.id}, version ${document.document.version}, sha256 ${document.document.sha256}`,
        `  whose scan has sha256 ${document.scan_sha256}`,
      ];
  }
}

const fieldLines = ({ partner, extract, fields }: FieldManifest): string[] => [
  `  columns of ${extract}, of ${partner}:`,
  ...fields.map(
    ({ name, treatment, description, purpose }) =>
      `    ${name}: ${treatment.join(' and ')}; ${description}; for ${purpose}`,
  ),
];
