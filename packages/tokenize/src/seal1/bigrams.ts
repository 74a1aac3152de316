import { hmacLanes } from '../kernel/hmac-lanes.js';
import { writeValue } from '../tok1/message.js';

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

/** Two code points of four bytes, behind their length. */
const LONGEST_BIGRAM = 10;
/** Of how many values the positions are kept: most children share their first names, and many their surnames. */
const MOST_VALUES = 20_000;

/**
 * Vectors of names. A value's padded bigrams each set the 18 positions that are the first 18 bytes of
 * HMAC-SHA-256(key, LV(bigram)). Children share some thousand bigrams, so those are computed once.
 */
export function bigramTable(key: Uint8Array): BigramTable {
  const known = new Map<string, Uint8Array>();
  const values = new Map<string, Positions>();
  const asked: string[] = [];
  const made = (code: Uint8Array) => void known.set(asked.shift() ?? '', code.slice());
  const sizes = { room: LONGEST_BIGRAM, pieces: 1, longest: LONGEST_BIGRAM, cut: BITS_A_BIGRAM };
  const lanes = hmacLanes({ keys: [key], ...sizes, made });
  const { bytes, at } = lanes.room;
  const learn = (bigram: string) => {
    asked.push(bigram);
    lanes.piece(at, writeValue(bytes, at, bigram));
    lanes.take(0);
  };
  const positionsOf = (value: string): Positions => {
    const bigrams = bigramsOf(value);
    for (const bigram of bigrams) if (!known.has(bigram)) learn(bigram);
    lanes.finish();
    return distinctPositions(bigrams.map((bigram) => known.get(bigram) ?? NONE));
  };
  return {
    positions: (value) => {
      const found = values.get(value);
      if (found !== undefined) return found;
      const positions = positionsOf(value);
      if (values.size === MOST_VALUES) values.clear();
      values.set(value, positions);
      return positions;
    },
    erase: () => {
      lanes.erase();
      for (const bits of [...known.values(), ...values.values()]) bits.fill(0);
      known.clear();
      values.clear();
    },
  };
}

const NONE = new Uint8Array();

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
