export type { TokenTables } from './admit/admit.js';
export { type Link, personsOfAll } from './cluster/persons-of-all.js';
export {
  type Comparing,
  type Comparison,
  comparing,
  FIELD_DIFFERS,
  FIELD_EQUAL,
  FIELD_MISSING,
  type Fields,
  MISSING,
} from './compare/comparisons.js';
export { type Assignment, assign } from './decide/assign.js';
export { type FirstName, type Grounds, groundsOf } from './decide/grounds.js';
export { type LinkedSources, linkSources, type MetPersons } from './decide/link-sources.js';
export type { Pairs, Sides } from './decide/one-to-one.js';
export { bestThreshold, type Expectation } from './decide/threshold.js';
export { PARAMETERS_FILE } from './estimate/agreed-parameters.js';
export {
  type Candidates,
  type Estimate,
  type EstimateBetween,
  estimateMatches,
  type Learning,
} from './estimate/expectation-maximisation.js';
export { type HealthFinding, healthOf } from './estimate/health.js';
export { type LevelCounts, type NonMatches, nonMatches, type OwnPairs } from './estimate/non-matches.js';
export { fixedModel, type Parameters, parametersSchema } from './estimate/parameters.js';
export { gatherPatterns, type Patterns } from './estimate/patterns.js';
export {
  emptyHouseholdsStage,
  forgetHouseholdsStage,
  personsKnownElsewhere,
} from './households/forget.js';
export { type HouseholdsConfig, householdsStage } from './households/households.js';
export { type LinkConfig, linkStage } from './link.js';
export { linkTokens, type TokenLinking } from './link-tokens.js';
export { slotDigests, slotTokens, tokenDigests } from './night/marks.js';
export { type Pass, passesOf } from './passes/passes.js';
export { forgetPeopleStage } from './people/forget.js';
export { receiveSlotsStage } from './receive/receive-slots.js';
export { receiveTokensStage } from './receive/receive-tokens.js';
export { alikePairs } from './residual/alike.js';
export { classOf, type LinkClass } from './sealed/decide.js';
export { addedUp, expectedOf, type Interval } from './sealed/expected.js';
