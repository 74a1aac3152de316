import type { TokenPart, TokenRule } from '@throughline/agreement';
import { lengthValue } from '@throughline/core';
import { LONGEST_PART, type WrittenParts, writeBytes } from './message.js';

/** What the tokens of a rule are made of, for the record whose parts were last written. */
export type RuleMessages = {
  readonly rule: TokenRule;
  /** The most bytes that a message takes. */
  readonly longest: number;
  /** The first part that the record lacks. */
  readonly missing: () => TokenPart | undefined;
  /** How many messages there are: one for every choice of alternatives. */
  readonly choices: () => number;
  /** Writes a message. @returns the offset after it. */
  readonly write: (choice: number, into: Uint8Array, at: number) => number;
};

export type PartsWritten = {
  readonly parts: readonly TokenPart[];
  readonly written: WrittenParts;
  /** Where they were written. */
  readonly room: Uint8Array;
};

export function ruleMessages(rule: TokenRule, { parts, written, room }: PartsWritten): RuleMessages {
  const label = lengthValue([rule.name]);
  const places = rule.parts.map((part) => parts.indexOf(part));
  const choices = () => {
    let count = 1;
    for (const place of places) count *= written.alternatives(place);
    return count;
  };
  return {
    rule,
    longest: label.length + places.length * LONGEST_PART,
    missing: () => rule.parts[places.findIndex((place) => written.alternatives(place) === 0)],
    choices,
    write: (choice, into, at) => {
      let end = writeBytes(into, at, label);
      let [rest, below] = [choice, choices()];
      // The last part with alternatives is the first to change.
      for (const place of places) {
        below /= written.alternatives(place);
        const alternative = Math.floor(rest / below);
        rest -= alternative * below;
        const until = written.end(place, alternative);
        for (let from = written.start(place, alternative); from < until; from += 1) {
          into[end] = room[from] ?? 0;
          end += 1;
        }
      }
      return end;
    },
  };
}
