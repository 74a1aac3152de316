export { type KeyCard, keyCard, keyCardSchema, requireFreshRoot, requireKey } from './keys/card.js';
export type { LinkageTerms } from './keys/derive.js';
export { type TokenizeConfig, tokenizeStage } from './tokenize.js';
