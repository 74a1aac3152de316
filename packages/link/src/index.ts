export type { TokenTables } from './admit/admit.js';
export { type Assignment, assign } from './decide/assign.js';
export { type LinkedSources, linkSources, type MetPersons } from './decide/link-sources.js';
export { bestThreshold, type Expectation } from './decide/threshold.js';
export { isJoinedUnseen } from './decide/unseen.js';
export { PARAMETERS_FILE } from './estimate/agreed-parameters.js';
export { type HealthFinding, healthOf } from './estimate/health.js';
export { fixedModel, type Parameters, parametersSchema } from './estimate/parameters.js';
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
