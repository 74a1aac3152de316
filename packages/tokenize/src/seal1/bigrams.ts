import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { clean } from '@noble/hashes/utils.js';
import { lengthValue } from '@throughline/core';

/** Positions that a bigram sets: fixed, since a number scaled to the name's length would tell the length. */
export const BITS_A_BIGRAM = 18;
/** Before the first and after the last letter; never a letter of a normal form. */
const PAD = '_';
/** No name has more; of a longer one the rest is not looked at. In bigrams. */
const MOST_BIGRAMS = 64;

/** The bits that are set in the vector of a value: at most 64 * 18 positions of 256, each once. */
export type Positions = Uint8Array;

export type BigramTable = {
  readonly positions: (value: string) => Positions;
  readonly erase: () => void;
};

/**
 * Vectors of names. A value's padded bigrams each set the 18 positions that are the first 18 bytes of
 * HMAC-SHA-256(key, LV(bigram)). Children share some thousand bigrams, so those are computed once.
 */
export function bigramTable(key: Uint8Array): BigramTable {
  const start = hmac.create(sha256, key);
  const known = new Map<string, Uint8Array>();
  const bitsOf = (bigram: string): Uint8Array => {
    const found = known.get(bigram);
    if (found !== undefined) return found;
    const code = start
      .clone()
      .update(lengthValue([bigram]))
      .digest();
    const bits = code.slice(0, BITS_A_BIGRAM);
    clean(code);
    known.set(bigram, bits);
    return bits;
  };
  return {
    positions: (value) => distinctPositions(bigramsOf(value).map(bitsOf)),
    erase: () => {
      start.destroy();
      for (const bits of known.values()) clean(bits);
      known.clear();
    },
  };
}

/** ANA -> _A AN NA A_; over code points, each bigram once. */
export function bigramsOf(value: string): string[] {
  const letters = [PAD, ...value, PAD];
  const bigrams = new Set<string>();
  for (let index = 1; index < letters.length && bigrams.size < MOST_BIGRAMS; index += 1) {
    bigrams.add(`${letters[index - 1]}${letters[index]}`);
  }
  return [...bigrams];
}

/** In ascending order. */
export function distinctPositions(bits: readonly Uint8Array[]): Positions {
  const set = new Uint8Array(256);
  let count = 0;
  for (const each of bits) {
    for (const position of each) {
      count += 1 - (set[position] ?? 0);
      set[position] = 1;
    }
  }
  const positions = new Uint8Array(count);
  let next = 0;
  for (let position = 0; position < 256; position += 1) {
    if (set[position] === 1) {
      positions[next] = position;
      next += 1;
    }
  }
  return positions;
}
