export { CLKD_BYTES, type Clkd, clkd1 } from './clkd1/clkd1.js';
export { type DuplicatesConfig, duplicatesStage } from './duplicates/duplicates.js';
export { type ComparedFields, comparedFields } from './duplicates/fields.js';
export { type ClearRecords, type Codes, clearCodes, clearRecords, ownPairs } from './duplicates/likeness.js';
export { findDuplicates } from './duplicates/local-persons.js';
export {
  type ClearMeeting,
  gatherMeetings,
  type Meetings,
  meetClear,
  NO_VALUE,
  type PassValues,
  type PassYield,
} from './duplicates/meetings.js';
export { pairList } from './duplicates/pair-list.js';
export { LARGEST_GROUP } from './emit/gate.js';
export {
  childrenKnown,
  decideGate,
  type GateDecision,
  LARGE_FILE,
  LEAST_PERSONS,
  type PartnerPlan,
} from './gate/decide-gate.js';
export { type GateConfig, gateStage, leastPersons } from './gate/gate.js';
export { type Clk3, type Clk3Refusal, clk3 } from './interop/clk3/clk3.js';
export { type Clk3Fault, readClks, writeClks } from './interop/clk3/delivery.js';
export { matchesAt, similarPairs } from './interop/clk3/greedy-matching.js';
export { type Clk3Schema, clk3Schema } from './interop/clk3/schema.js';
export { type Olt2Fault, type Olt2Row, readOlt2, writeOlt2 } from './interop/olt2/delivery.js';
export {
  OLT2_BLANK,
  type Olt2,
  type Olt2Column,
  type Olt2Person,
  type Olt2Rule,
  type Olt2Tokens,
  olt2,
  olt2Columns,
  olt2Rules,
} from './interop/olt2/olt2.js';
export { agreedSchema } from './interop/read/filters.js';
export { interopStage } from './interop/read/interop-stage.js';
export { clk3File } from './interop/write/clk3-file.js';
export { olt2File } from './interop/write/olt2-file.js';
export {
  type KeyCard,
  keyCard,
  keyCardSchema,
  requireFreshRoot,
  requireKey,
  requireWrapKey,
  wrapCheck,
} from './keys/card.js';
export { type DerivedKeys, deriveKeys, type LinkageTerms } from './keys/derive.js';
export { type ChosenPass, choosePasses, type PassLimits } from './passes/choose.js';
export { codedFile, type PassFile, type PassShare } from './passes/coded.js';
export { fieldOfPart, partsMadeOf, partsTold } from './passes/compositions.js';
export { partnerPlan } from './passes/plan-file.js';
export { type PlanConfig, planStage } from './plan/plan.js';
export { type PlantConfig, plantStage } from './plant/plant.js';
export { residualStage } from './residual/residual.js';
export { rowKeys, unwrapRow, type WrappedRow, type Wrapping } from './residual/wrap.js';
export { type SealConfig, sealStage } from './seal/seal.js';
export { type BigramTable as VectorTable, bigramTable } from './seal1/bigrams.js';
export { type ClearFile, type SealedFile, sealFile } from './seal1/seal-file.js';
export { type SealChoices, type Sealer, type SealKeys, seal1 } from './seal1/seal1.js';
export { type PassHolders, type TakenValues, valuesTaken } from './seal1/unique.js';
export { type Alternatives, type Identifiers, nothingKnown, partOf } from './tok1/parts.js';
export { type Tokenizer, type TokenSink, tok1 } from './tok1/tok1.js';
export { type TokenizeConfig, tokenizeStage } from './tokenize.js';
