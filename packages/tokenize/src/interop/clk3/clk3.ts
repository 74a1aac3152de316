import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { clean } from '@noble/hashes/utils.js';
import { comparisonTokens, type Tokens } from './comparison.js';
import { positionSetter, type SetPositions } from './positions.js';
import type { Clk3Feature, Clk3Hashed, Clk3Schema } from './schema.js';
import { type FormatValue, valueFormat } from './values.js';

/** A value that the schema does not allow: the position of its feature. The value itself is told to nobody. */
export type Clk3Refusal = { readonly feature: number };

export type Clk3 = {
  /**
   * The cryptographic long-term key of a record: l / 8 bytes, bit 0 the highest of byte 0.
   *
   * @param values one for each feature of the schema, ignored ones too, in order.
   */
  readonly encode: (values: readonly string[]) => Uint8Array | Clk3Refusal;
};

type Encoder = {
  readonly at: number;
  readonly format: FormatValue;
  readonly tokens: Tokens;
  readonly strategy: Clk3Hashed['hashing']['strategy'];
  readonly set: SetPositions;
};

/**
 * CLKs of clkhash 0.18 under a linkage schema of version 3.
 *
 * @param secret the secret that the parties share, any bytes.
 */
export function clk3(schema: Clk3Schema, secret: Uint8Array): Clk3 {
  const { l, xor_folds } = schema.clkConfig;
  const encoders = featureEncoders(schema, secret);
  return {
    encode: (values) => {
      const filter = new Uint8Array(l * 2 ** xor_folds);
      const refused = encoders.find((encoder) => !encodeFeature(encoder, values[encoder.at] ?? '', filter));
      return refused === undefined ? packed(folded(filter, l)) : { feature: refused.at };
    },
  };
}

function featureEncoders({ clkConfig: { kdf }, features }: Clk3Schema, secret: Uint8Array): Encoder[] {
  const hash = kdf.hash === 'SHA256' ? sha256 : sha512;
  const keys = hkdf(hash, secret, kdf.salt, kdf.info, 2 * features.length * kdf.keySize);
  const keyOf = (number: number): Uint8Array => keys.slice(number * kdf.keySize, (number + 1) * kdf.keySize);
  const encoders = features.flatMap((feature, at) =>
    isHashed(feature) ? [encoderOf(feature, { at, first: keyOf(2 * at), second: keyOf(2 * at + 1) })] : [],
  );
  clean(keys);
  return encoders;
}

const isHashed = (feature: Clk3Feature): feature is Clk3Hashed => 'hashing' in feature;

function encoderOf(
  feature: Clk3Hashed,
  place: { at: number; first: Uint8Array; second: Uint8Array },
): Encoder {
  const { format, hashing } = feature;
  const encoding = format.type === 'string' ? format.encoding : 'utf-8';
  return {
    at: place.at,
    format: valueFormat(feature),
    tokens: comparisonTokens(hashing.comparison),
    strategy: hashing.strategy,
    set: positionSetter(hashing.hash, place, encoding),
  };
}

/** @returns whether the value has the declared form. */
function encodeFeature(
  { format, tokens, strategy, set }: Encoder,
  value: string,
  filter: Uint8Array,
): boolean {
  const formatted = format(value);
  const made = formatted === null ? null : tokens(formatted);
  if (made === null) return false;
  for (const [at, token] of made.entries()) set(token, positionsOf(at, made.length, strategy), filter);
  return true;
}

/** Of `bitsPerFeature` every token gets its share, and the first ones what is left over. */
function positionsOf(at: number, tokens: number, strategy: Encoder['strategy']): number {
  if ('bitsPerToken' in strategy) return strategy.bitsPerToken;
  const { bitsPerFeature } = strategy;
  return Math.floor(bitsPerFeature / tokens) + (at < bitsPerFeature % tokens ? 1 : 0);
}

/** XORs the halves until the filter has so many bits. */
function folded(filter: Uint8Array, length: number): Uint8Array {
  if (filter.length <= length) return filter;
  const half = filter.length / 2;
  return folded(
    filter.subarray(0, half).map((bit, at) => bit ^ (filter[half + at] ?? 0)),
    length,
  );
}

function packed(bits: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(bits.length / 8);
  for (const [at, bit] of bits.entries()) bytes[at >>> 3] = (bytes[at >>> 3] ?? 0) | (bit << (7 - (at & 7)));
  return bytes;
}
