import type { RecordPart } from '@throughline/agreement';
import { identifiersOfPart } from '@throughline/core';
import { type Identifiers, partOf } from '@throughline/tokenize';
import type { Seen } from './observed.js';

/** What an attacker expects to see between two records whose identifiers it supposes. */
export type Likelihood = (seen: Seen, one: Identifiers, other: Identifiers) => number;

export type Fields = { readonly similar: readonly RecordPart[]; readonly exact: readonly RecordPart[] };

const BITS = 256;
/** The share of bits that one bigram leaves unset. */
const LEFT = (1 - 1 / BITS) ** 18;

/** A name that was mistyped is at any distance; a code differs although the values should agree, or the reverse. */
const MISTYPED = 0.08;
const EXACT_DISAGREES = 0.06;
const EXACT_AGREES_BY_ERROR = 0.001;

/** A partner leaves an identifier out that the roll has. */
const LEFT_OUT = 0.1;

/**
 * The log-likelihood of what is seen in a block, given the identifiers behind both rows. The attacker has no key, but
 * knows how vectors are made: how far two names lie apart follows from how many bigrams they share. By known parts it
 * knows what both rows hold: what one lacks says nothing of the other.
 */
export function likelihood({ similar, exact }: Fields): Likelihood {
  const bigrams = remembered(bigramsOf);
  const textOf = (part: RecordPart, row: Identifiers) => partOf(part, row)[0]?.join('\u0001');
  const knownBy = (part: RecordPart): number[] =>
    identifiersOfPart(part)
      .map((identifier) => exact.findIndex((each) => each === `${identifier}.known`))
      .filter((at) => at >= 0 && exact[at] !== part);
  const [similarBy, exactBy] = [similar.map(knownBy), exact.map(knownBy)];
  return ({ distances, equal }, one, other) => {
    const lacking = (by: readonly number[] | undefined) => by?.some((at) => equal[at] !== true) === true;
    let sum = 0;
    for (const [at, part] of similar.entries()) {
      const [name, otherName] = [textOf(part, one), textOf(part, other)];
      if (name === undefined || otherName === undefined || lacking(similarBy[at])) continue;
      sum += ofDistance(distances[at] ?? 0, bigrams(name), bigrams(otherName));
    }
    for (const [at, part] of exact.entries()) {
      const [value, otherValue] = [textOf(part, one), textOf(part, other)];
      if (part.endsWith('.known')) {
        sum += ofPresence(equal[at] === true, value !== undefined && otherValue !== undefined);
        continue;
      }
      if (value === undefined || otherValue === undefined || lacking(exactBy[at])) continue;
      sum += ofEquality(equal[at] === true, value === otherValue);
    }
    return sum;
  };
}

const ofPresence = (seen: boolean, supposed: boolean): number => {
  const both = supposed ? 1 - LEFT_OUT : EXACT_AGREES_BY_ERROR;
  return Math.log(seen ? both : 1 - both);
};

const ofEquality = (seen: boolean, supposed: boolean): number => {
  const agrees = supposed ? 1 - EXACT_DISAGREES : EXACT_AGREES_BY_ERROR;
  return Math.log(seen ? agrees : 1 - agrees);
};

function ofDistance(distance: number, one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const common = [...one].filter((bigram) => other.has(bigram)).length;
  const onlyIn = (here: number, there: number) => BITS * LEFT ** there * (1 - LEFT ** (here - common));
  const expected = onlyIn(one.size, other.size) + onlyIn(other.size, one.size);
  const deviation = Math.sqrt(expected * (1 - expected / BITS) + 1);
  const right = Math.exp(-((distance - expected) ** 2) / (2 * deviation ** 2)) / deviation / 2.5;
  return Math.log((1 - MISTYPED) * right + MISTYPED / BITS);
}

function bigramsOf(name: string): ReadonlySet<string> {
  const letters = ['_', ...name, '_'];
  return new Set(letters.slice(1).map((letter, at) => `${letters[at]}${letter}`));
}

function remembered<Value>(make: (text: string) => Value): (text: string) => Value {
  const known = new Map<string, Value>();
  return (text) => {
    const found = known.get(text) ?? make(text);
    known.set(text, found);
    return found;
  };
}
