export { assessEncoding, type EncodingAssessment } from './encoding/assess-encoding.js';
export { assessKnown } from './encoding/assess-known.js';
export type { Finding, Verdict } from './encoding/findings.js';
export { type Share, shareOf } from './encoding/interval.js';
export type { Roll } from './encoding/people/files.js';
export { readOwnRoll } from './encoding/people/own-roll.js';
export {
  type Assessed,
  type Effort,
  FEWEST_RECORDS,
  fittedTo,
  fullEffort,
  type Ground,
  quickEffort,
} from './encoding/setup.js';
export {
  type Encoding,
  type EvaluationConfig,
  encodings,
  evaluationConfig,
} from './linkage/evaluate/config.js';
export {
  type Evaluating,
  type Evaluation,
  type EvaluationEffects,
  evaluateLinkage,
} from './linkage/evaluate/evaluate.js';
export { readSource, type Source } from './linkage/evaluate/sources.js';
export { knownRecords, type OwnRecords } from './linkage/known.js';
export { type KnownRecord, type LinkageQuality, linkageQuality } from './linkage/quality.js';
export { readTrueAttendance, readTrueRecords, type TrueAttendance, type TrueRecord } from './truth/truth.js';
