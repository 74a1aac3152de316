import { fromBase64 } from '@throughline/agreement';
import { z } from 'zod';

/*
 * The linkage schema of clkhash, version 3 (data61/clkhash 0.18, Apache-2.0, linkage-schema-v3.json), as strict as
 * the original, and stricter where the original would fail later or silently encode something else.
 */

const base64Bytes = z
  .string()
  .transform((text) => fromBase64(text))
  .pipe(z.instanceof(Uint8Array, { error: 'Base64' }));

const kdf = z.object({
  type: z.literal('HKDF'),
  hash: z.enum(['SHA256', 'SHA512']).default('SHA256'),
  salt: base64Bytes.optional(),
  info: base64Bytes.optional(),
  keySize: z.int().min(1).max(64).default(64),
});

const encoding = z.enum(['ascii', 'utf-8', 'utf-16', 'utf-32']).default('utf-8');
const description = z.string().optional();

const textFormat = z.strictObject({
  type: z.literal('string'),
  encoding,
  case: z.enum(['upper', 'lower', 'mixed']).default('mixed'),
  minLength: z.int().min(0).optional(),
  maxLength: z.int().min(1).optional(),
  description,
});
const patternFormat = z.strictObject({
  type: z.literal('string'),
  encoding,
  pattern: z
    .string()
    .refine(isPattern, { error: 'a regular expression that JavaScript and Python read alike' }),
  description,
});
const integerFormat = z.strictObject({
  type: z.literal('integer'),
  minimum: z.int().optional(),
  maximum: z.int().optional(),
  description,
});
const dateFormat = z.strictObject({
  type: z.literal('date'),
  format: z
    .string()
    .refine(isDateFormat, { error: '%Y or %y, %m and %d once each, and what stands between' }),
  description,
});
const enumFormat = z.strictObject({ type: z.literal('enum'), values: z.array(z.string()), description });

function isPattern(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}

function isDateFormat(format: string): boolean {
  const directives = format.match(/%./g) ?? [];
  const kinds = directives.map((directive) => directive.toLowerCase()).sort();
  return kinds.join('') === '%d%m%y' && directives.every((directive) => /%[Yymd]/.test(directive));
}

const comparison = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ngram'), n: z.int().min(1), positional: z.boolean().default(false) }),
  z.object({ type: z.literal('exact') }),
  z
    .object({
      type: z.literal('numeric'),
      thresholdDistance: z.number().positive(),
      resolution: z.int().min(1),
      fractional_precision: z.int().min(0).max(15).default(0),
    })
    .refine(
      ({ thresholdDistance, fractional_precision }) => thresholdDistance * 10 ** fractional_precision > 0.5,
      { error: 'enough fractional precision for the threshold distance' },
    ),
]);

const hashing = z.strictObject({
  comparison,
  strategy: z.union([
    z.strictObject({ bitsPerToken: z.int().min(1) }),
    z.strictObject({ bitsPerFeature: z.int().min(1) }),
  ]),
  hash: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('blakeHash') }),
      z.object({ type: z.literal('doubleHash'), prevent_singularity: z.boolean().default(false) }),
    ])
    .default({ type: 'blakeHash' }),
  missingValue: z.object({ sentinel: z.string(), replaceWith: z.string().optional() }).optional(),
});

const feature = z.union([
  z.object({
    identifier: z.string(),
    description,
    ignored: z.literal(false).optional(),
    format: z.union([textFormat, patternFormat, integerFormat, dateFormat, enumFormat]),
    hashing,
  }),
  z.object({ identifier: z.string(), ignored: z.literal(true) }),
]);

/** HKDF-SHA256 gives 255 x 32 bytes, and every feature takes two keys. */
const HKDF_BLOCKS = 255;
const hashBytes = { SHA256: 32, SHA512: 64 };

type AnyFeature = z.infer<typeof feature>;
const usesBlake = (one: AnyFeature): boolean => 'hashing' in one && one.hashing.hash.type === 'blakeHash';
const isPowerOfTwo = (length: number): boolean => (length & (length - 1)) === 0;

export const clk3Schema = z
  .object({
    version: z.literal(3),
    clkConfig: z.object({
      l: z.int().min(8).max(65_536).multipleOf(8),
      kdf,
      /** The schema that clkhash publishes calls it `xorFolds`, which clkhash never reads. */
      xor_folds: z.int().min(0).max(8).default(0),
      xorFolds: z.literal(0, { error: 'xor_folds, which is what clkhash reads' }).optional(),
    }),
    features: z.array(feature).min(1),
  })
  .refine(
    ({ clkConfig: { kdf }, features }) =>
      2 * features.length * kdf.keySize <= HKDF_BLOCKS * hashBytes[kdf.hash],
    { error: 'no more features than the key derivation has keys for' },
  )
  .refine(({ clkConfig: { l }, features }) => isPowerOfTwo(l) || !features.some(usesBlake), {
    error: 'blakeHash needs a length that is a power of two',
  })
  .refine(({ features }) => new Set(features.map(({ identifier }) => identifier)).size === features.length, {
    error: 'every identifier once',
  });

export type Clk3Schema = z.infer<typeof clk3Schema>;
export type Clk3Feature = Clk3Schema['features'][number];
export type Clk3Hashed = Extract<Clk3Feature, { readonly hashing: unknown }>;
export type Clk3Format = Clk3Hashed['format'];
export type Clk3Comparison = Clk3Hashed['hashing']['comparison'];
