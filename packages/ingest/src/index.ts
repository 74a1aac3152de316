export { type Accepted, hold } from './hold/hold.js';
export { type HoldReason, holdReasons, type ReasonEntry } from './hold/reasons.js';
export { type SchoolYear, type Season, seasonOf } from './hold/season.js';
export type { Withdrawal } from './identify/spaces.js';
export { spellingReader } from './identify/spellings.js';
export { ingestStage } from './ingest.js';
export { deliveryReasons } from './landing/delivery.js';
export { type NamedRecord, recordIdOf } from './name/name-record.js';
export { normalAddress } from './normalise/address.js';
export { normalEmail, normalPhone, normalZip } from './normalise/contact.js';
export { normalFurther } from './normalise/further.js';
export { normalId } from './normalise/ids.js';
export { folded } from './normalise/letters.js';
export { normalGuardian, normalName } from './normalise/names.js';
export { normalSex } from './normalise/sex.js';
export type { IngestConfig } from './plan/config.js';
export {
  type Preview,
  type PreviewedColumn,
  type PreviewedValue,
  previewExtract,
} from './preview/preview.js';
export { draftManifest } from './profile/draft.js';
export { profilePage } from './profile/page.js';
export { type KnownPreset, type Profile, profileFile } from './profile/profile.js';
export { ageIdentity } from './read/delivery.js';
export { limits as readingLimits } from './read/limits.js';
export { type PlainTable, plainTable } from './read/plain-table.js';
