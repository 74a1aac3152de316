import { clean } from '@noble/hashes/utils.js';
import type { TokenPart, TokenRule } from '@throughline/agreement';
import { lengthValue } from '@throughline/core';
import type { DerivedKeys } from '../keys/derive.js';
import { cachedHmac, PADDING_ROOM } from './cached-hmac.js';
import { LONGEST_PART, type WrittenParts, writtenParts } from './message.js';
import type { Identifiers } from './parts.js';

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
  const written = writtenParts(parts);
  const makers = rules.map((rule) => tokenMaker(rule, { parts, written, keys }));
  return {
    tokenize: (row, sink) => {
      written.read(row);
      for (const { tokenize } of makers) tokenize(sink);
    },
    erase: () => {
      for (const { erase } of makers) erase();
      written.erase();
    },
  };
}

type Making = {
  readonly parts: readonly TokenPart[];
  readonly written: WrittenParts;
  readonly keys: DerivedKeys;
};

function tokenMaker(rule: TokenRule, { parts, written, keys }: Making) {
  const places = rule.parts.map((part) => parts.indexOf(part));
  const label = lengthValue([rule.name]);
  const message = new Uint8Array(label.length + places.length * LONGEST_PART + PADDING_ROOM);
  message.set(label);
  const token = new Uint8Array(TOKEN_BYTES);
  const key = keys.key('tok', rule.name);
  const { hash, erase } = cachedHmac(key, { message, code: token });
  clean(key);
  /** One token for every choice of alternatives of the parts from one on. */
  const make = (sink: TokenSink, part: number, at: number): void => {
    const place = places[part];
    if (place === undefined) {
      hash(at);
      sink.token(rule, token);
      return;
    }
    const alternatives = written.alternatives(place);
    for (let alternative = 0; alternative < alternatives; alternative += 1) {
      make(sink, part + 1, written.copy({ place, alternative }, message, at));
    }
  };
  return {
    tokenize: (sink: TokenSink): void => {
      const missing = places.findIndex((place) => written.alternatives(place) === 0);
      const part = rule.parts[missing];
      if (part === undefined) make(sink, 0, label.length);
      else sink.missing(rule, part);
    },
    erase,
  };
}
