export { knownRecords, type OwnRecords } from './linkage/known.js';
export { type KnownRecord, type LinkageQuality, linkageQuality } from './linkage/quality.js';
export { readTrueAttendance, readTrueRecords, type TrueAttendance, type TrueRecord } from './truth/truth.js';
