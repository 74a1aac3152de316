export { type Anchor, type ApprovalPrimitives, signatureJudge } from './approvals/judge.js';
export { ATTESTERS, governorOf, type Requirement, requirementOf } from './approvals/requirement.js';
export {
  APPROVAL_NAMESPACE,
  allowedSignersText,
  hostSignersOf,
  hostSignersText,
  noonOf,
  PARCEL_NAMESPACE,
} from './approvals/signers.js';
export { type ApprovedBy, isRefused, type NotStanding, type Standing } from './approvals/standing.js';
export { type Lack, lacksOf, licenceLacks, manifestLacks } from './completeness/lacks.js';
export { basisRules, licenceRules, massachusettsRules } from './completeness/rules.js';
export { type Approver, keyOfLine } from './documents/approvers.js';
export { type AttackLimits, attackLimits } from './documents/attack-limits.js';
export {
  type AgreementDocument,
  type Attestation,
  type Dsa,
  type Dul,
  documentSchema,
  type Emou,
  type ReleasePolicy,
  type Revocation,
} from './documents/documents.js';
export { OWN_DUPLICATES, tellsDuplicates } from './documents/duplicate-terms.js';
export { type AgreedHost, ageRecipient, type HostRole, hostRoles } from './documents/hosts.js';
export { type HouseholdTerms, householdRules } from './documents/household-terms.js';
export {
  type InteropProfile,
  type InteropTerms,
  interopProfile,
  interopProfiles,
  interopWarnings,
  linkingRules,
  type OltToken,
  oltRuleName,
  oltTokens,
} from './documents/interop-terms.js';
export { crosswalksMissing, presetsMissing } from './documents/on-presets.js';
export { parseYaml, type SourceText } from './documents/parse.js';
export {
  type EncodingTerms,
  type ExactPart,
  encodingTerms,
  exactParts,
  type KnownPart,
  knownParts,
  type Profile,
  passPacks,
  profiles,
  RESIDUAL_SHARE,
  type RecordPart,
  type Sealing,
  type SealingPass,
  type SimilarPart,
  type SlotPart,
  sealingOf,
  slotParts,
} from './documents/sealing-terms.js';
export {
  type DocumentFile,
  type DocumentSet,
  documentOf,
  type Filed,
  type Judge,
  type ParsedFile,
  parseDocuments,
  readDocuments,
  type SignatureFile,
  versionsOf,
  type Written,
} from './documents/set.js';
export type {
  DominanceRule,
  LegalBasis,
  Prohibition,
  RateMode,
  Recipient,
  Rounding,
  Use,
  ZeroCounts,
} from './documents/terms.js';
export {
  type TokenPart,
  type TokenRule,
  tokenParts,
} from './documents/token-rules.js';
export { addDays, type DestructionDuty, destructionDuty } from './force/destruction.js';
export { type HouseholdGrant, householdTermsOf } from './force/households.js';
export {
  approvedManifest,
  type Day,
  type PartnerTerms,
  type ReleaseTerms,
  releaseTerms,
  requireInForce,
  termsOf,
} from './force/in-force.js';
export { interopTermsOf } from './force/interop.js';
export { type RowReleaseTerms, rowTerms } from './force/row-terms.js';
export { changesBetween, type Effect, type ManifestChange } from './manifest/changes.js';
export { type Crosswalk, type CrosswalkFile, crosswalk } from './manifest/crosswalk.js';
export { type Delivery, type ExtractFormat, encodings } from './manifest/extract-formats.js';
export {
  columnsOfRole,
  type FieldManifest,
  fieldManifest,
  type IdentifierRole,
  type ManifestField,
  treatments,
} from './manifest/field-manifest.js';
export { manifestOn } from './manifest/on-preset.js';
export { type Preset, type PresetManifest, preset, presetManifest } from './manifest/preset.js';
export {
  type FieldEdit,
  type NewColumn,
  type RevisedManifest,
  type Revision,
  reviseManifest,
} from './manifest/revise.js';
export {
  type Leaving,
  leavesAnything,
  leavesNoMore,
  leavingOf,
  narrowerTreatments,
  parseTreatment,
  type TreatmentWords,
  treatmentWords,
} from './manifest/treatment-words.js';
export { type Bearing, meetOf, type PolicyMeet } from './policy/meet.js';
export { type Protection, protectionOf } from './policy/rules.js';
export { policyWords, protectionWords } from './policy/words.js';
export { appendLeaf, type CompactRange, emptyRange, rangeRoot } from './proofs/compact-range.js';
export { emptyRoot, HASH_BYTES, type Hash, leafHash, type TreeHead } from './proofs/hash.js';
export { type NodeAt, nodesOfLeaves, proveConsistency, proveInclusion, treeRoot } from './proofs/prove.js';
export { appendToEdge, type Edge, emptyEdge, rangeOfEdge } from './proofs/tiles/edge.js';
export {
  type EntriesSoFar,
  entryTilesAfter,
  formatEntries,
  LONGEST_ENTRY,
  parseEntries,
} from './proofs/tiles/entries.js';
export {
  auditTiles,
  consistencyFromTiles,
  inclusionFromTiles,
  type ReadTile,
  readEdge,
  readEntries,
  type TiledLog,
} from './proofs/tiles/read.js';
export {
  entryTilesOf,
  type HashTile,
  parseTilePath,
  TILE_WIDTH,
  type Tile,
  type TileFile,
  tileBytes,
  tilePath,
  tilesOf,
} from './proofs/tiles/tile.js';
export {
  type ConsistencyClaim,
  type InclusionClaim,
  verifyConsistency,
  verifyInclusion,
} from './proofs/verify.js';
export { fromBase64, toBase64 } from './signatures/base64.js';
export {
  type Checkpoint,
  type CheckpointKeys,
  type CheckpointRefusal,
  formatCheckpoint,
  type OpenedCheckpoint,
  openCheckpoint,
  parseCheckpoint,
} from './signatures/notes/checkpoint.js';
export {
  formatNoteKey,
  type NoteKey,
  type NoteKeyKind,
  noteKey,
  parseNoteKey,
} from './signatures/notes/key.js';
export {
  formatNote,
  formatSignatureLine,
  type NoteSignature,
  parseNote,
  type UnverifiedNote,
} from './signatures/notes/note.js';
export {
  type NoteRefusal,
  type NoteSigner,
  type OpenedNote,
  openNote,
} from './signatures/notes/open.js';
export { cosignNote, type NoteSigningKey, signNote } from './signatures/notes/sign.js';
export {
  judgeCheckpoint,
  type Offer,
  type WitnessRefusal,
  type WitnessState,
} from './signatures/notes/witness.js';
export type { Curve, Primitives, PublicKey, SignEd25519, Verify } from './signatures/primitives.js';
export { type AllowedSigner, parseAllowedSigners } from './signatures/ssh/allowed-signers.js';
export {
  formatSigningKey,
  parseSigningKey,
  publicKeyLine,
  type SshSigningKey,
  signingKeyOf,
} from './signatures/ssh/private-key.js';
export {
  fingerprintOf,
  type KeyRefusal,
  parsePublicKey,
  type SshKeyKind,
  type SshPublicKey,
  sshKeyKinds,
} from './signatures/ssh/public-key.js';
export { signSsh } from './signatures/ssh/sign.js';
export {
  formatSshSignature,
  parseSshSignature,
  type SignatureRefusal,
  type SshSignature,
} from './signatures/ssh/signature.js';
export {
  type SignatureQuestion,
  type SignedMessage,
  type SshRefusal,
  type SshSigner,
  verifySshSignature,
} from './signatures/ssh/verify.js';
