import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { clean } from '@noble/hashes/utils.js';
import { lengthValue } from '@throughline/core';
import type { DerivedKeys } from '../keys/derive.js';
import type { Identifiers } from '../tok1/parts.js';
import { CLKD_BITS, diffusion, FILTER_BITS } from './diffusion.js';
import { type Feature, type FeatureKind, featureKinds, featuresOf } from './features.js';

export const CLKD_BYTES = CLKD_BITS / 8;
/** Positions that a feature sets: 1024 ln 2 / 26, since 26 features are usual and a filter half full hides best. */
const BITS_A_FEATURE = 27;
const DRAWS_A_CODE = 16;

export type Clkd = {
  /**
   * Writes the encoding of a record, 256 bytes.
   *
   * @returns how many of the filter's 1,024 bits are set; undefined, with nothing written, where a name or the birth
   *   date is missing.
   */
  readonly encode: (row: Identifiers, into: Uint8Array) => number | undefined;
  readonly erase: () => void;
};

/**
 * Record-level encoding `clkd1`: a filter of 1,024 bits, diffused. Each of 2,048 bits is the sum modulo 2 of 4 bits of
 * the filter (or 5). All records can be compared with all, so it is sent only where the memorandum allows it and only
 * for records that nothing else links.
 */
export function clkd1(keys: DerivedKeys, terms: number): Clkd {
  const features = featureTable(keys);
  const diffusionKey = keys.key('clkd1-diffusion', '');
  const places = diffusion(diffusionKey, terms);
  clean(diffusionKey);
  const filter = new Uint8Array(FILTER_BITS);
  return {
    encode: (row, into) => {
      const found = featuresOf(row);
      if (found === undefined) return undefined;
      filter.fill(0);
      for (const feature of found) for (const position of features.positions(feature)) filter[position] = 1;
      diffuse({ filter, places, terms }, into);
      return filter.reduce((sum, bit) => sum + bit, 0);
    },
    erase: () => {
      features.erase();
      places.fill(0);
      filter.fill(0);
    },
  };
}

type Diffused = { readonly filter: Uint8Array; readonly places: Uint16Array; readonly terms: number };

function diffuse({ filter, places, terms }: Diffused, into: Uint8Array): void {
  into.fill(0, 0, CLKD_BYTES);
  let next = 0;
  for (let bit = 0; bit < CLKD_BITS; bit += 1) {
    let sum = 0;
    for (let term = 0; term < terms; term += 1) {
      sum ^= filter[places[next] ?? 0] ?? 0;
      next += 1;
    }
    into[bit >> 3] = (into[bit >> 3] ?? 0) | (sum << (bit & 7));
  }
}

/**
 * A feature sets the positions that the first 27 pairs of bytes, little-endian and modulo 1024, of
 * HMAC-SHA-256(K(clkd1, kind), LV(text) || i) for i = 0, 1 give; i is four bytes, big-endian.
 */
function featureTable(keys: DerivedKeys) {
  const starts = new Map(
    featureKinds.map((kind) => {
      const key = keys.key('clkd1', kind);
      const start = hmac.create(sha256, key);
      clean(key);
      return [kind, start] as const;
    }),
  );
  const known = new Map<FeatureKind, Map<string, Uint16Array>>(featureKinds.map((kind) => [kind, new Map()]));
  const positions = ([kind, text]: Feature): Uint16Array => {
    const found = known.get(kind)?.get(text);
    if (found !== undefined) return found;
    const drawn = new Uint16Array(BITS_A_FEATURE);
    for (let index = 0; index < BITS_A_FEATURE; index += DRAWS_A_CODE) {
      const counter = Uint8Array.of(0, 0, 0, index / DRAWS_A_CODE);
      const code = starts
        .get(kind)
        ?.clone()
        .update(lengthValue([text]))
        .update(counter)
        .digest();
      for (let draw = 0; draw < DRAWS_A_CODE && index + draw < BITS_A_FEATURE; draw += 1) {
        drawn[index + draw] = ((code?.[2 * draw] ?? 0) | ((code?.[2 * draw + 1] ?? 0) << 8)) % FILTER_BITS;
      }
    }
    known.get(kind)?.set(text, drawn);
    return drawn;
  };
  return {
    positions,
    erase: () => {
      for (const start of starts.values()) start.destroy();
      for (const texts of known.values()) for (const drawn of texts.values()) drawn.fill(0);
      known.clear();
    },
  };
}
