import type { Approver, Quorum } from '../documents/approvers.js';
import type { AgreementDocument, Dsa, Emou } from '../documents/documents.js';
import { ofKind, type ParsedFile, versionOn } from '../documents/set.js';
import { joinedApprovers } from './signers.js';

/** Who may approve a document, and how many must. */
export type Requirement = {
  readonly approvers: readonly Approver[];
  readonly atLeast: number;
  /** The party of which so many must be; undefined where no party owns what it is about. */
  readonly owner?: { readonly party: string; readonly atLeast: number };
};

type Kind = AgreementDocument['kind'];
/** A document with the day for which its approvers are asked. */
export type Asked = { readonly document: AgreementDocument; readonly day: string };

/**
 * The document that says who approves another one: a data-sharing agreement its manifests, the memorandum all others
 * and itself. Undefined where it is not there.
 */
export function governorOf(all: readonly ParsedFile[], { document, day }: Asked): ParsedFile | undefined {
  switch (document.kind) {
    case 'dsa':
    case 'dul':
    case 'release-policy':
      return versionOn(all, { kind: 'emou', id: document.emou }, day);
    case 'manifest':
      return versionOn(all, { kind: 'dsa', id: document.agreement }, day);
    case 'revocation':
      return 'key' in document.revokes
        ? versionOn(all, { kind: 'emou', id: document.revokes.emou }, day)
        : versionOn(all, { kind: document.revokes.kind, id: document.revokes.document }, day);
    default:
      return undefined;
  }
}

/** What a document's approval takes on a day; undefined where the document that would say it is not there. */
export function requirementOf(all: readonly ParsedFile[], asked: Asked): Requirement | undefined {
  const { document, day } = asked;
  switch (document.kind) {
    case 'emou':
      return withQuorum(approversOf(document, 'emou'), document.quorums.emou);
    case 'dsa':
    case 'dul':
    case 'release-policy':
      return underMemorandum(all, document, day);
    case 'manifest':
      return underAgreement(all, document.agreement, day);
    case 'revocation':
      return ofRevocation(all, asked, document.revokes);
    case 'attestation':
      return undefined;
  }
}

const approversOf = ({ approvers }: Emou, kind: Kind): Approver[] =>
  approvers.filter(({ approves }) => approves.some((each) => each === kind));

function withQuorum(
  approvers: readonly Approver[],
  { at_least, of_owner = 1 }: Quorum,
  owner?: string,
): Requirement {
  const requirement = { approvers, atLeast: at_least };
  return owner === undefined ? requirement : { ...requirement, owner: { party: owner, atLeast: of_owner } };
}

type UnderMemorandum = Extract<AgreementDocument, { kind: 'dsa' | 'dul' | 'release-policy' }>;

function underMemorandum(
  all: readonly ParsedFile[],
  document: UnderMemorandum,
  day: string,
): Requirement | undefined {
  const emou = documentOn(all, 'emou', document.emou, day);
  if (emou === undefined) return undefined;
  const owner = document.kind === 'dsa' ? document.partner : undefined;
  return withQuorum(approversOf(emou, document.kind), emou.quorums[document.kind], owner);
}

/** A manifest: approved by the people whom the partner's own agreement names, and nobody else's. */
function underAgreement(all: readonly ParsedFile[], agreement: string, day: string): Requirement | undefined {
  const dsa = documentOn(all, 'dsa', agreement, day);
  return dsa === undefined ? undefined : withQuorum(manifestApprovers(dsa), dsa.quorum, dsa.partner);
}

const manifestApprovers = ({ approvers, partner }: Dsa): Approver[] =>
  approvers.map((each) => ({ ...each, party: partner, approves: ['manifest'] }));

type Revokes = Extract<AgreementDocument, { kind: 'revocation' }>['revokes'];

function ofRevocation(all: readonly ParsedFile[], { day }: Asked, revokes: Revokes): Requirement | undefined {
  if ('key' in revokes) return ofKeyRevocation(documentOn(all, 'emou', revokes.emou, day));
  const target = versionOn(all, { kind: revokes.kind, id: revokes.document }, day);
  if (target === undefined) return undefined;
  const required = requirementOf(all, { document: target.document, day });
  if (required?.owner === undefined) return required;
  const { party } = required.owner;
  const approvers = required.approvers.filter((each) => each.party === party);
  return { approvers: joinedApprovers(approvers, ownersOf(all, target, day)), atLeast: 1 };
}

/** The owner's signatories of the agreement may end its manifests too. */
function ownersOf(all: readonly ParsedFile[], { document }: ParsedFile, day: string): Approver[] {
  if (document.kind !== 'manifest') return [];
  const dsa = documentOn(all, 'dsa', document.agreement, day);
  const emou = dsa === undefined ? undefined : documentOn(all, 'emou', dsa.emou, day);
  return emou === undefined ? [] : approversOf(emou, 'dsa').filter(({ party }) => party === document.partner);
}

/** A stolen key must be stopped at once, so one approver suffices; all it can do is to stop something. */
const ofKeyRevocation = (emou: Emou | undefined): Requirement | undefined =>
  emou === undefined ? undefined : { approvers: emou.approvers, atLeast: 1 };

function documentOn<K extends 'emou' | 'dsa'>(
  all: readonly ParsedFile[],
  kind: K,
  id: string,
  day: string,
): Extract<AgreementDocument, { kind: K }> | undefined {
  return ofKind(all, kind).find((one) => one === versionOn(all, { kind, id }, day))?.document;
}

/** Two people who saw the paper; anybody whom the memorandum lets attest. */
export const ATTESTERS = 2;

/** Those who may attest to paper approvals of a document, under the memorandum that governs it. */
export function attestersOf(all: readonly ParsedFile[], asked: Asked): Approver[] {
  const emou = memorandumOf(all, asked);
  return emou === undefined ? [] : approversOf(emou, 'attestation');
}

function memorandumOf(all: readonly ParsedFile[], asked: Asked): Emou | undefined {
  if (asked.document.kind === 'emou') return asked.document;
  const governor = governorOf(all, asked);
  return governor === undefined ? undefined : memorandumOf(all, { ...asked, document: governor.document });
}
