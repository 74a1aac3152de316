import { describe, expect, it } from 'vitest';
import { comparisonTokens } from './comparison.js';
import { clk3Schema } from './schema.js';
import { valueFormat } from './values.js';

const formatOf = (
  format: Record<string, unknown>,
  missingValue?: { sentinel: string; replaceWith?: string },
) => {
  const hashing = { comparison: { type: 'exact' }, strategy: { bitsPerToken: 1 } };
  const schema = clk3Schema.parse({
    version: 3,
    clkConfig: { l: 1024, kdf: { type: 'HKDF' } },
    features: [{ identifier: 'x', format, hashing: missingValue ? { ...hashing, missingValue } : hashing }],
  });
  const [feature] = schema.features;
  if (feature === undefined || !('hashing' in feature)) throw new Error('expected a hashed feature');
  return valueFormat(feature);
};

describe('valueFormat', () => {
  it.each<[Record<string, unknown>, string, string | null]>([
    [{ type: 'integer' }, ' +013 ', '13'],
    [{ type: 'integer' }, '-0', '0'],
    [{ type: 'integer' }, '1_000', '1000'],
    [{ type: 'integer' }, '1.0', null],
    [{ type: 'integer' }, '', null],
    [{ type: 'integer', minimum: 50, maximum: 9999 }, '49', null],
    [{ type: 'integer', minimum: 50, maximum: 9999 }, '10000', null],
    [{ type: 'date', format: '%d/%m/%Y' }, '3/9/2014', '20140903'],
    [{ type: 'date', format: '%Y-%m-%d' }, '2014-02-29', null],
    [{ type: 'date', format: '%y%m%d' }, '690101', '19690101'],
    [{ type: 'date', format: '%y%m%d' }, '680101', '20680101'],
    [{ type: 'enum', values: ['M', 'F'] }, 'X', null],
    [{ type: 'string', case: 'upper' }, 'Ana', null],
    [{ type: 'string', case: 'lower', minLength: 3, maxLength: 3 }, 'ana', 'ana'],
    [{ type: 'string', maxLength: 2 }, 'ana', null],
    [{ type: 'string', encoding: 'ascii' }, 'José', null],
    [{ type: 'string', pattern: '[a-z]+' }, 'ana1', null],
    [{ type: 'string', pattern: 'a|b' }, 'ab', null],
  ])('of %o: %s is %s', (format, value, expected) => {
    expect(formatOf(format)(value)).toBe(expected);
  });

  it('leaves what stands for a missing value as it is, or replaces it', () => {
    expect(formatOf({ type: 'integer' }, { sentinel: '' })('')).toBe('');
    expect(formatOf({ type: 'integer' }, { sentinel: 'N/A', replaceWith: 'none' })('N/A')).toBe('none');
  });
});

describe('comparisonTokens', () => {
  it('gives the documented n-grams of clkhash', () => {
    const word = 'clkhash';
    expect(comparisonTokens({ type: 'ngram', n: 2, positional: false })(word)).toEqual([
      ' c',
      'cl',
      'lk',
      'kh',
      'ha',
      'as',
      'sh',
      'h ',
    ]);
    expect(comparisonTokens({ type: 'ngram', n: 2, positional: true })(word)?.slice(0, 3)).toEqual([
      '1  c',
      '2 cl',
      '3 lk',
    ]);
    expect(comparisonTokens({ type: 'ngram', n: 1, positional: false })('é𝕏')).toEqual(['é', '𝕏']);
    expect(comparisonTokens({ type: 'exact' })('')).toEqual([]);
  });

  it('gives the documented neighbourhoods of clkhash', () => {
    const numeric = {
      type: 'numeric',
      thresholdDistance: 8,
      resolution: 2,
      fractional_precision: 0,
    } as const;
    expect(comparisonTokens(numeric)('25')).toEqual(['88', '96', '104', '112', '120']);
    expect(comparisonTokens(numeric)('26')).toEqual(['88', '96', '104', '112', '120']);
    expect(comparisonTokens(numeric)('twenty')).toBeNull();
    const fine = { ...numeric, fractional_precision: 1 };
    expect(comparisonTokens(fine)('2.5')).toEqual(['-80', '0', '80', '160', '240']);
  });
});
