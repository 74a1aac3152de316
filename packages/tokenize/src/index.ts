export { type Clk3, type Clk3Refusal, clk3 } from './interop/clk3/clk3.js';
export { type Clk3Schema, clk3Schema } from './interop/clk3/schema.js';
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
export { type KeyCard, keyCard, keyCardSchema, requireFreshRoot, requireKey } from './keys/card.js';
export type { LinkageTerms } from './keys/derive.js';
export { type TokenizeConfig, tokenizeStage } from './tokenize.js';
