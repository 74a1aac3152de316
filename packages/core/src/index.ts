export { CANARY_RECORDS } from './artifacts/canaries.js';
export { canonicalJson, type Json } from './artifacts/canonical-json.js';
export { carriedTables, namingRecords } from './artifacts/carried-tables.js';
export { CERTAINTY_PARTS } from './artifacts/certainty.js';
export { type ColumnType, columnsOf, type TableSchema } from './artifacts/columns.js';
export { DEFINITIONS_FILE, type MeasureDefinition, measureDefinitions } from './artifacts/definitions.js';
export { expectedColumns } from './artifacts/expected-columns.js';
export {
  type ArtifactInput,
  type ArtifactManifest,
  artifactManifest,
  type ManifestCount,
  type ManifestTable,
} from './artifacts/manifest.js';
export {
  type ArtifactKind,
  artifactKinds,
  artifactTables,
  codeListOf,
  type FurtherIdentifier,
  furtherIdentifiers,
  type IdentifierColumn,
  identifierColumns,
  type PayloadCodeList,
  type PayloadTable,
  payloadCodes,
  payloadTables,
  schemaVersions,
  type TableOf,
} from './artifacts/tables.js';
export { olderVersions, tablesLacking } from './artifacts/versions.js';
export { type AttendanceMark, attendanceMarks } from './attendance/marks.js';
export { bitsApart, bitsInCommon, bitsSet } from './encoding/bits.js';
export { identifiersOfPart } from './encoding/identifiers-of.js';
export { lengthValue } from './encoding/lv.js';
export {
  levelOf,
  SLOT_CODE_BYTES,
  SLOT_TOKEN_BYTES,
  SLOT_VECTOR_BYTES,
  type SlotAt,
  type SlotLayout,
  slotDistance,
  slotLayout,
  slotLevels,
  slotLevelsOf,
  slotsMeet,
} from './encoding/slots.js';
export type { ErrorEntry } from './errors/codes/entry.js';
export { type ErrorCode, errorCodes } from './errors/codes.js';
export { type ErrorDetails, ThroughlineError } from './errors/error.js';
export {
  type Emit,
  type StageName,
  stageNames,
  type ThroughlineEvent,
  type WarningName,
  warningNames,
} from './events/events.js';
export { fileNameForm } from './names/file-name.js';
export { formulaSafe } from './names/formula-safe.js';
export { type PersonId, type RecordId, type Sha256, uuidForm } from './names/ids.js';
export { type SafeName, safeName } from './names/safe-name.js';
export { bytesOfSize, lesserSize, SIZE } from './sizes/sizes.js';
