import type { TokenPart, TokenRule } from '@throughline/agreement';
import { lengthValue } from '@throughline/core';
import type { HmacLanes } from '../kernel/hmac-lanes.js';
import { type WrittenParts, writeBytes } from './message.js';

/** What the tokens of a rule are made of, for the record whose parts were last written. */
export type RuleMessages = {
  readonly rule: TokenRule;
  /** The first part that the record lacks. */
  readonly missing: () => TokenPart | undefined;
  /** How many messages there are: one for every choice of alternatives. */
  readonly choices: () => number;
  /** Gives what a message is made of: the rule's name and each of its parts. */
  readonly pieces: (choice: number, piece: HmacLanes['piece']) => void;
};

export type PartsWritten = {
  readonly parts: readonly TokenPart[];
  readonly written: WrittenParts;
  /** The memory in which they are written, and where in it there is room for `LONGEST_LABEL` bytes. */
  readonly bytes: Uint8Array;
  readonly label: number;
};

/** LV of a rule's name. */
export const LONGEST_LABEL = 128;

/** @throws RangeError if the rule's name is longer than that of any rule. */
export function ruleMessages(rule: TokenRule, { parts, written, bytes, label }: PartsWritten): RuleMessages {
  const name = lengthValue([rule.name]);
  if (name.length > LONGEST_LABEL) throw new RangeError('tok1: a shorter name of a rule expected');
  const labelEnd = writeBytes(bytes, label, name);
  const places = rule.parts.map((part) => parts.indexOf(part));
  const choices = () => {
    let count = 1;
    for (const place of places) count *= written.alternatives(place);
    return count;
  };
  return {
    rule,
    missing: () => {
      for (const [index, place] of places.entries()) {
        if (written.alternatives(place) === 0) return rule.parts[index];
      }
      return undefined;
    },
    choices,
    pieces: (choice, piece) => {
      piece(label, labelEnd);
      let [rest, below] = [choice, choices()];
      // The last part with alternatives is the first to change.
      for (const place of places) {
        below /= written.alternatives(place);
        const alternative = Math.floor(rest / below);
        rest -= alternative * below;
        piece(written.start(place, alternative), written.end(place, alternative));
      }
    },
  };
}
