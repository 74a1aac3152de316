export type { Carrying } from './artifacts/carry.js';
export {
  identityIfThere,
  identityOf,
  type ReadArtifact,
  readArtifact,
  readArtifactIfThere,
  standingRows,
} from './artifacts/read.js';
export type { KeyCheck, OutputArtifact } from './artifacts/write.js';
export { type DigestName, digestNames, digestOf, hmacOf } from './crypto/digests.js';
export { primitives, publicKeyOfSeed } from './crypto/primitives.js';
export type { AppendBatch, ColumnBatch } from './database/append.js';
export type { SavedTable } from './database/database-file.js';
export type { Answer, QuestionLimits, ReadOnlyLimits, Shown, Unanswered } from './database/questions.js';
export { openReadOnly, type ReadOnlyDatabase } from './database/read-only.js';
export { openSession, type Row, type Session, type SessionLimits } from './database/session.js';
export { duckdbVersion } from './database/version.js';
export { type Below, below, glance } from './files/below.js';
export {
  type DocumentFolder,
  documentFile,
  documentFiles,
  presetFiles,
  readDocumentFolders,
  readText,
  withPresets,
} from './files/documents.js';
export {
  copyFile,
  copyFolder,
  exists,
  makeFreshFolder,
  makePrivateFolder,
  moveFile,
  namesIn,
  recoverFolder,
  removeFolder,
  replaceFolder,
  writeDurably,
  writePieces,
} from './files/durable.js';
export { isPartial, type Landed, landedFile } from './files/landed.js';
export { lockHolder, lockState, type Unlock } from './files/lock.js';
export { bytesOf, bytesOfSmall, modifiedAt, openOrdinary, sha256Of, sha256OfFile } from './files/ordinary.js';
export {
  type ReadableFile,
  readableFile,
  type Scratch,
  type ScratchFile,
  scratchIn,
} from './files/scratch.js';
export { type Guarded, type GuardLimits, guarded } from './guard/guarded.js';
export type { GuardedSource, GuardedTask } from './guard/task.js';
export {
  canOpen,
  createKey,
  eraseKey,
  freshKey,
  KEY_BYTES,
  keepKey,
  readIdentity,
  readKey,
  requireStrong,
  type SecretKey,
} from './keys/key-file.js';
export { readKeyFrom } from './keys/key-stream.js';
export { type KeyedBlocks, keyedBlocks } from './keys/keyed-blocks.js';
export { type KeyedIds, keyedIds } from './keys/keyed-ids.js';
export { readSharedSecret } from './keys/shared-secret.js';
export { withSigningKey } from './keys/signing-key.js';
export { appendToLog } from './log/append.js';
export { type Cosigning, cosignersOf } from './log/cosigned.js';
export { latestEntries, type Numbered, requireIncluded } from './log/entries.js';
export type { LogEntry, MadeEntry } from './log/entry.js';
export { type LogPlace, logKeyFile, type NoteKeyFile, withNoteKey } from './log/key.js';
export { type CarriedOn, requireNotLost } from './log/lost.js';
export { openLog } from './log/open.js';
export { type VerifiedLog, verifyLog } from './log/verify.js';
export { type Cosigned, cosignLog, type Witness } from './log/witness.js';
export { clockIsSet, freeBytes, memoryOf, type Swap, swaps } from './machine/machine.js';
export {
  ident,
  readCanonicalCsv,
  readParquet,
  type Sql,
  type SqlValue,
  sql,
  sqlEmpty,
  sqlEnum,
  sqlJoin,
  sqlType,
} from './sql/sql.js';
export { type Freshness, freshnessOf } from './stage/freshness.js';
export { openExtract } from './stage/recipe.js';
export { runStage } from './stage/run-stage.js';
export type {
  ExtractFile,
  Governed,
  GoverningDocument,
  Stage,
  StageContext,
  StageEffects,
  StageOutcome,
  StageRequest,
} from './stage/stage.js';
export { type Workspace, withWorkspace } from './stage/workspace.js';
