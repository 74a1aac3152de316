import { clean } from '@noble/hashes/utils.js';
import type { TokenPart, TokenRule } from '@throughline/agreement';
import { hmacLanes } from '../kernel/hmac-lanes.js';
import type { DerivedKeys } from '../keys/derive.js';
import { partsRoom, writtenParts } from './message.js';
import type { Identifiers } from './parts.js';
import { ruleMessages } from './rule-messages.js';

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
  const room = new Uint8Array(partsRoom(parts));
  const written = writtenParts(parts, { bytes: room, at: 0 });
  const messages = rules.map((rule) => ruleMessages(rule, { parts, written, room }));
  /** Of the messages that are taken and not hashed yet, the rules. */
  const taken: TokenRule[] = [];
  let into: TokenSink | undefined;
  const derived = rules.map(({ name }) => keys.key('tok', name));
  const lanes = hmacLanes({
    keys: derived,
    longest: Math.max(...messages.map(({ longest }) => longest)),
    cut: TOKEN_BYTES,
    made: (token) => {
      const rule = taken.shift();
      if (rule !== undefined) into?.token(rule, token);
    },
  });
  clean(...derived);
  return {
    tokenize: (row, sink) => {
      into = sink;
      written.read(row);
      for (const [place, { rule, missing, choices, write }] of messages.entries()) {
        const part = missing();
        if (part !== undefined) sink.missing(rule, part);
        for (let choice = 0; choice < choices(); choice += 1) {
          const from = lanes.next();
          const end = write(choice, lanes.bytes, from);
          taken.push(rule);
          lanes.take(end - from, place);
        }
      }
      lanes.finish();
    },
    erase: () => {
      lanes.erase();
      room.fill(0);
    },
  };
}
