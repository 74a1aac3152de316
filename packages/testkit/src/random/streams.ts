/**
 * Seeded randomness, split into named streams.
 *
 * Every decision draws from a stream named for what it decides ('absence', child 17), never from one
 * long sequence. A city therefore changes only where it is meant to: one child more, or one night
 * later, leaves every other draw as it was.
 *
 * The generator is sfc32 (Chris Doty-Humphrey, PractRand, public domain); the seed and the name are
 * hashed into its state by FNV-1a over UTF-16 units and MurmurHash3's 32-bit finaliser. Neither is
 * meant to be unpredictable.
 */
export type Rng = {
  /** Uniform in [0, 1), 32 bits. */
  readonly next: () => number;
  /** Uniform integer in [0, bound). */
  readonly below: (bound: number) => number;
  /** Uniform integer in [low, high]. */
  readonly between: (low: number, high: number) => number;
  readonly chance: (probability: number) => boolean;
  /** @throws RangeError on an empty list. */
  readonly pick: <T>(choices: readonly T[]) => T;
};

export type Streams = (...name: readonly (string | number)[]) => Rng;

export function streams(seed: string | number): Streams {
  return (...name) => sfc32(`${seed}\u0000${name.join('\u0000')}`);
}

function sfc32(name: string): Rng {
  let [a, b, c] = hashes(name);
  let counter = 1;
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 0x1_0000_0000;
  };
  for (let round = 0; round < 12; round += 1) next();
  return { next, ...derived(next) };
}

function derived(next: () => number): Omit<Rng, 'next'> {
  const below = (bound: number) => Math.floor(next() * bound);
  return {
    below,
    between: (low, high) => low + below(high - low + 1),
    chance: (probability) => next() < probability,
    pick: (choices) => at(choices, below(choices.length)),
  };
}

function at<T>(choices: readonly T[], index: number): T {
  if (index >= choices.length) throw new RangeError('choices: expected at least one');
  return choices[index] as T;
}

/** One of the choices by a number in [0, 1) drawn earlier; `use` keeps several such picks apart. */
export function pickBy<T>(choices: readonly T[], drawn: number, use: number): T {
  return at(choices, Math.floor(((drawn * use) % 1) * choices.length));
}

/** Three hashes of one text, in one pass. */
function hashes(text: string): [number, number, number] {
  let [a, b, c] = [0x811c9dc5, 0x9e3779b9, 0x85ebca6b];
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    a = Math.imul(a ^ unit, FNV_PRIME);
    b = Math.imul(b ^ unit, FNV_PRIME);
    c = Math.imul(c ^ unit, FNV_PRIME);
  }
  return [finalised(a), finalised(b), finalised(c)];
}

const FNV_PRIME = 0x01000193;

function finalised(hash: number): number {
  let state = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return (state ^ (state >>> 16)) | 0;
}
