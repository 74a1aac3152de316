export type { Interval, Question, Shortfall } from './attack/attack.js';
export { attack, audit } from './attack/attack.js';
export type { AttackerModel } from './attack/model.js';
export { OUTSIDER } from './attack/model.js';
export { narrowestSet, narrowSets, type RecordAttack, type RecordAttacker } from './attack/record-attack.js';
export { type AuditRules, auditRelease, type ReleaseAudit } from './audit/audit-release.js';
export { type PrintedRelease, readPrintedRelease } from './audit/printed-release.js';
export type { PrintedTable } from './audit/printed-tables.js';
export { type PublicTotals, publicTotalsSchema } from './audit/public-totals.js';
export type { Candidate, Cell, CellId, Equation, Group, Status, Structure } from './candidate/cell.js';
export type { CountedRow, CountedTable, Level } from './candidate/tables.js';
export { candidateOf, groupOf } from './candidate/tables.js';
export { type Change, compareReleases, type FrozenRelease } from './changes/compare-releases.js';
export { readFrozen } from './changes/read-frozen.js';
export { rowsPrintingSensitive } from './checks/printed-sensitive.js';
export { type ReleaseCheck, releaseChecks } from './checks/release-checks.js';
export { shapesOf, type TableShape } from './checks/shapes.js';
export { type DisclosureConfig, disclosureSchema } from './evaluate/config.js';
export { type DisclosureEvaluation, evaluateDisclosure } from './evaluate/evaluate.js';
export { forgetCountedStage } from './freeze/forget.js';
export { freezeStage } from './freeze/freeze.js';
export { auditLedger, type LedgerAudit, printsAnew } from './ledger/audit-ledger.js';
export { type LedgerRelease, readEquations } from './ledger/equations.js';
export { histories, type RecordNight, type RecordRelease } from './ledger/histories.js';
export {
  againstLedger,
  type LedgerCandidate,
  type LedgerRules,
  type LedgerVerdict,
  neverPrinted,
  printedSets,
  sensitiveHistory,
} from './ledger/ledger-gate.js';
export { publicTotalSets } from './ledger/public-sets.js';
export { type People, recordNight } from './ledger/record-night.js';
export type { Solver } from './linear/program.js';
export { loadSolver } from './linear/program.js';
export { type MicrodataConfig, microdataStage } from './microdata/microdata-stage.js';
export type { Protection } from './protect/complement.js';
export type { ProtectionPolicy } from './protect/policy.js';
export { LEAST_INTERVAL_WIDTH, REPORTABLE_FROM, STRICT_POLICY } from './protect/policy.js';
export { isRatePrinted, primaryCells } from './protect/primary.js';
export type { Protected, ProtectionAudit } from './protect/protect.js';
export { policyReader, protect, protectCells, publishedCells } from './protect/protect.js';
export { protectRecords, type RecordProtection } from './protect/records/protect-records.js';
export { type SensitiveCounts, sensitiveSets } from './protect/records/sensitive-sets.js';
export { recordCandidate } from './records/crossings.js';
export type { Crossing, Microdata, RecordCandidate, RecordSet } from './records/record-sets.js';
export { type ReleaseConfig, releaseStage } from './release.js';
export { looksLikeSomebody, requirePageWithoutIdentifier } from './verify/identifiers.js';
