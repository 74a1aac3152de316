import type { TokenPart, TokenRule } from '@throughline/agreement';
import type { DerivedKeys } from '../keys/derive.js';
import type { Identifiers } from './parts.js';
import { ENTRY_BYTES, recordTokens } from './record-tokens.js';

/**
 * Takes what a record gives: each token (16 bytes) in the order of the rules, and of each rule that gives none the
 * part that is missing.
 */
export type TokenSink = {
  readonly token: (rule: TokenRule, token: Uint8Array) => void;
  readonly missing: (rule: TokenRule, part: TokenPart) => void;
};

export type Tokenizer = {
  readonly tokenize: (row: Identifiers, sink: TokenSink) => void;
  readonly erase: () => void;
};

/**
 * Tokens `tok1`: the first 16 bytes of HMAC-SHA-256 (RFC 2104) under K(tok, rule) over LV(rule) and then, for each
 * part in declared order, LV(part) and LV(value) of each of its values. A part with alternatives gives one token
 * for each; a missing part gives none.
 */
export function tok1(rules: readonly TokenRule[], keys: DerivedKeys): Tokenizer {
  const { take, missing, entries, erase } = recordTokens(rules, keys);
  return {
    tokenize: (row, sink) => {
      take(row);
      for (const [place, rule] of rules.entries()) {
        const part = rule.parts[missing(place) ?? rule.parts.length];
        if (part !== undefined) sink.missing(rule, part);
      }
      const made = entries();
      for (let at = 0; at < made.length; at += ENTRY_BYTES) {
        const rule = rules[made[at] ?? 0];
        if (rule !== undefined) sink.token(rule, made.subarray(at + 1, at + ENTRY_BYTES));
      }
    },
    erase,
  };
}
