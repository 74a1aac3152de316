import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { clean } from '@noble/hashes/utils.js';
import type { TokenPart, TokenRule } from '@throughline/agreement';
import { lengthValue } from '@throughline/core';
import type { DerivedKeys } from '../keys/derive.js';
import { writeMessages } from './message.js';
import { type Alternatives, type Identifiers, partOf } from './parts.js';

/** Takes what a record gives, rule by rule: each token (16 bytes, valid during the call), or the part that is missing. */
export type TokenSink = {
  readonly token: (rule: TokenRule, token: Uint8Array) => void;
  readonly missing: (rule: TokenRule, part: TokenPart) => void;
};

export type Tokenizer = {
  readonly tokenize: (row: Identifiers, sink: TokenSink) => void;
  readonly erase: () => void;
};

const TOKEN_BYTES = 16;

/**
 * Tokens `tok1`: the first 16 bytes of HMAC-SHA-256 (RFC 2104) under K(tok, rule) over LV(rule) and then, for each
 * part in declared order, LV(part) and LV(value) of each of its values. A part with alternatives gives one token
 * for each; a missing part gives none.
 */
export function tok1(rules: readonly TokenRule[], keys: DerivedKeys): Tokenizer {
  const parts = [...new Set(rules.flatMap((rule) => rule.parts))];
  const makers = rules.map((rule) => tokenMaker(rule, { parts, keys }));
  return {
    tokenize: (row, sink) => {
      const filled = parts.map((part) => partOf(part, row));
      for (const { tokenize } of makers) tokenize(filled, sink);
    },
    erase: () => {
      for (const { erase } of makers) erase();
    },
  };
}

/**
 * The blocks of the key and of the rule's name are hashed once and the state copied for every token: 3 times as
 * fast as an HMAC from the key each time (noble 2.4, Node 20).
 */
function tokenMaker(rule: TokenRule, { parts, keys }: { parts: readonly TokenPart[]; keys: DerivedKeys }) {
  const places = rule.parts.map((part) => parts.indexOf(part));
  const key = keys.key('tok', rule.name);
  const start = hmac.create(sha256, key).update(lengthValue([rule.name]));
  clean(key);
  const work = start.clone();
  const code = new Uint8Array(sha256.outputLen);
  const token = code.subarray(0, TOKEN_BYTES);
  const write = writeMessages(rule.parts);
  return {
    tokenize: (filled: readonly Alternatives[], sink: TokenSink): void => {
      const own = places.map((place) => filled[place] ?? []);
      const missing = rule.parts[own.findIndex((alternatives) => alternatives.length === 0)];
      if (missing !== undefined) {
        sink.missing(rule, missing);
        return;
      }
      write(own, (message) => {
        start._cloneInto(work).update(message).digestInto(code);
        sink.token(rule, token);
      });
    },
    erase: () => {
      start.destroy();
      work.destroy();
    },
  };
}
