import { clean } from '@noble/hashes/utils.js';
import type { TokenPart, TokenRule } from '@throughline/agreement';
import { hmacLanes } from '../kernel/hmac-lanes.js';
import type { DerivedKeys } from '../keys/derive.js';
import { LONGEST_PART, partsRoom, writtenParts } from './message.js';
import type { Identifiers } from './parts.js';
import { LONGEST_LABEL, ruleMessages } from './rule-messages.js';

/**
 * Takes what a record gives: each token (16 bytes, valid during the call) in the order of the rules, and of each rule
 * that gives none the part that is missing.
 */
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
  const mostParts = Math.max(0, ...rules.map((rule) => rule.parts.length));
  const derived = rules.map(({ name }) => keys.key('tok', name));
  /** Of the messages that are taken and not hashed yet, the rules. */
  const taken: TokenRule[] = [];
  let into: TokenSink | undefined;
  const { room, piece, take, finish, erase } = hmacLanes({
    keys: derived,
    room: partsRoom(parts) + rules.length * LONGEST_LABEL,
    pieces: 1 + mostParts,
    longest: LONGEST_LABEL + mostParts * LONGEST_PART,
    cut: TOKEN_BYTES,
    made: (token) => {
      const rule = taken.shift();
      if (rule !== undefined) into?.token(rule, token);
    },
  });
  clean(...derived);
  const written = writtenParts(parts, room);
  const messages = rules.map((rule, place) => {
    const label = room.at + partsRoom(parts) + place * LONGEST_LABEL;
    return ruleMessages(rule, { parts, written, bytes: room.bytes, label });
  });
  return {
    tokenize: (row, sink) => {
      into = sink;
      written.read(row);
      for (const [place, { rule, missing, choices, pieces }] of messages.entries()) {
        const part = missing();
        if (part !== undefined) sink.missing(rule, part);
        const count = choices();
        for (let choice = 0; choice < count; choice += 1) {
          pieces(choice, piece);
          taken.push(rule);
          take(place);
        }
      }
      finish();
    },
    erase,
  };
}
