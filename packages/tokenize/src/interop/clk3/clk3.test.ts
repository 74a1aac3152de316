import { readFileSync } from 'node:fs';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { toBase64 } from '@throughline/agreement';
import { describe, expect, it } from 'vitest';
import { type Clk3, clk3 } from './clk3.js';
import { matchesAt, similarPairs } from './greedy-matching.js';
import { clk3Schema } from './schema.js';

const folder = new URL('../../../../../fixtures/vectors/clkhash/', import.meta.url);
const published = (name: string) => readFileSync(new URL(name, folder), 'utf8');
const json = (name: string) => JSON.parse(published(name));
const golden = json('febrl4-published-golden.json');
const febrl = (name: string): string[][] =>
  published(name)
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(','));
const secret = utf8ToBytes('secret');
const people = { a: febrl('dataset4a.csv'), b: febrl('dataset4b.csv') };

/** The schema of the tutorial, which states it as Python. */
const tutorial = clk3Schema.parse({
  version: 3,
  clkConfig: { l: 1024, kdf: { type: 'HKDF' } },
  features: (published('dataset4a.csv').split(/\r?\n/)[0] ?? '').split(',').map((identifier) => {
    const { strategy_bitsPerFeature: bits, comparison } = golden.tutorial_api;
    if (bits[identifier] === undefined) return { identifier, ignored: true };
    const isInteger = comparison.positional_unigram.includes(identifier);
    return {
      identifier,
      format: { type: isInteger ? 'integer' : 'string' },
      hashing: {
        comparison: { type: 'ngram', n: isInteger ? 1 : 2, positional: isInteger },
        strategy: { bitsPerFeature: bits[identifier] },
        ...(isInteger ? { missingValue: { sentinel: '' } } : {}),
      },
    };
  }),
});

function encoded(profile: Clk3, rows: readonly string[][]): Uint8Array[] {
  return rows.map((row) => {
    const clk = profile.encode(row);
    if ('feature' in clk) throw new Error(`feature ${clk.feature} refused`);
    return clk;
  });
}

const first = (profile: Clk3): string =>
  toBase64(encoded(profile, people.a.slice(0, 1))[0] ?? new Uint8Array());

describe('clk3', () => {
  it('gives the published first CLK with BLAKE2b', () => {
    expect(first(clk3(tutorial, secret))).toBe(golden.tutorial_api.first_clk_base64);
  });

  it('gives the published first CLK with double hashing, salt and info', () => {
    const schema = clk3Schema.parse(json(golden.tutorial_cli.schema_file));
    expect(first(clk3(schema, secret))).toBe(golden.tutorial_cli.first_clk_base64);
  });

  it('links FEBRL4 as published: 4,049 pairs at .9, 4,962 at .8', { timeout: 60_000 }, () => {
    const profile = clk3(tutorial, secret);
    const [a, b] = [encoded(profile, people.a), encoded(profile, people.b)];
    const pairs = similarPairs(a, b, 0.8);
    const entity = (row: string[] | undefined) => row?.[0]?.split('-')[1];
    for (const [threshold, { matches, precision }] of Object.entries<{ matches: number; precision: number }>(
      golden.tutorial_api.linkage,
    )) {
      const matched = matchesAt(pairs, Number(threshold));
      const right = matched.filter((pair) => entity(people.a[pair.a]) === entity(people.b[pair.b]));
      expect(matched.length).toBe(matches);
      expect(right.length / matched.length).toBe(precision);
    }
    expect(pairs.length).toBe(golden.tutorial_api.reproduced['0.8'].candidates);
    const weights = a.map((clk) => clk.reduce((sum, byte) => sum + ones(byte), 0));
    const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
    expect(Math.round(mean)).toBe(golden.tutorial_api.mean_popcount_A);
  });
});

const ones = (byte: number): number => byte.toString(2).replaceAll('0', '').length;

const good = () => json('good-schema-v3.json');
type Loose = { clkConfig: Record<string, unknown>; features: Record<string, Record<string, unknown>>[] };
const spoiled = (spoil: (schema: Loose) => void): unknown => {
  const schema = good();
  spoil(schema);
  return schema;
};

describe('clk3Schema', () => {
  it.each([
    'febrl_schema_v3_final.json',
    'good-schema-v3.json',
    'ignorant-schema-v3.json',
  ])('takes %s', (name) => {
    expect(clk3Schema.safeParse(json(name)).success).toBe(true);
  });

  it.each<[string, unknown]>([
    ['the published bad one', json('bad-schema-v3.json')],
    ['version 2', { ...good(), version: 2 }],
    ['a feature neither ignored nor hashed', spoiled(({ features }) => delete features[1]?.['hashing'])],
    ['another strategy', spoiled(({ features }) => set(features[1], 'strategy', { throughTheWall: 15 }))],
    [
      'two strategies',
      spoiled(({ features }) => set(features[1], 'strategy', { bitsPerToken: 1, bitsPerFeature: 1 })),
    ],
    ['another comparison', spoiled(({ features }) => set(features[1], 'comparison', { type: 'fuzzy' }))],
    ['no comparison', spoiled(({ features }) => delete features[1]?.['hashing']?.['comparison'])],
    ['another hash', spoiled(({ features }) => set(features[1], 'hash', { type: 'md5' }))],
    ['an unknown word in a hashing', spoiled(({ features }) => set(features[1], 'ngram', 2))],
    ['a broken pattern', spoiled(({ features }) => setFormat(features[1], { type: 'string', pattern: '(' }))],
    [
      'a date without a year',
      spoiled(({ features }) => setFormat(features[1], { type: 'date', format: '%m/%d' })),
    ],
    ['salt that is not Base64', spoiled(({ clkConfig }) => (clkConfig['kdf'] = { type: 'HKDF', salt: '%' }))],
    ['another key derivation', spoiled(({ clkConfig }) => (clkConfig['kdf'] = { type: 'legacy' }))],
    ['BLAKE2b of 1,000 bits', spoiled(({ clkConfig }) => (clkConfig['l'] = 1000))],
    ['folds by the name that clkhash does not read', spoiled(({ clkConfig }) => (clkConfig['xorFolds'] = 1))],
    ['an identifier twice', spoiled(({ features }) => features.push({ ...features[1] }))],
    ['more features than keys', spoiled(({ features }) => addIgnored(features, 60))],
  ])('refuses %s', (_, schema) => {
    expect(clk3Schema.safeParse(schema).success).toBe(false);
  });
});

const set = (feature: Record<string, Record<string, unknown>> | undefined, name: string, value: unknown) => {
  if (feature?.['hashing'] !== undefined) feature['hashing'][name] = value;
};
const setFormat = (
  feature: Record<string, Record<string, unknown>> | undefined,
  format: Record<string, unknown>,
) => {
  if (feature !== undefined) feature['format'] = format;
};
const addIgnored = (features: unknown[], count: number) => {
  for (let at = 0; at < count; at += 1) features.push({ identifier: `more-${at}`, ignored: true });
};
