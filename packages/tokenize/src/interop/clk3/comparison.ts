import type { Clk3Comparison } from './schema.js';

/** A formatted value -> its tokens, in order, repeated where they recur; null where it is not a number. */
export type Tokens = (value: string) => readonly string[] | null;

export function comparisonTokens(comparison: Clk3Comparison): Tokens {
  switch (comparison.type) {
    case 'ngram':
      return (value) => ngrams(value, comparison);
    case 'exact':
      return (value) => (value === '' ? [] : [value]);
    case 'numeric':
      return (value) => neighbourhood(value, comparison);
  }
}

/** Over code points; with n > 1 the value stands between n - 1 spaces. Positions count from 1. */
function ngrams(value: string, { n, positional }: { n: number; positional: boolean }): string[] {
  if (value === '') return [];
  const pad = Array.from({ length: n - 1 }, () => ' ');
  const letters = [...pad, ...value, ...pad];
  const grams = Array.from({ length: letters.length - n + 1 }, (_, at) => letters.slice(at, at + n).join(''));
  return positional ? grams.map((gram, at) => `${at + 1} ${gram}`) : grams;
}

type Numeric = Extract<Clk3Comparison, { type: 'numeric' }>;

/**
 * The numbers around the value on a common grid (Vatsalan and Christen, Privacy-preserving matching of similar
 * patients, 2016), in whole steps of the threshold distance: the value is scaled up instead of the distance down.
 */
function neighbourhood(value: string, numeric: Numeric): string[] | null {
  if (value === '') return [];
  const { resolution, fractional_precision, thresholdDistance } = numeric;
  const scaled = scaledInteger(value, fractional_precision);
  if (scaled === null) return null;
  const step = BigInt(roundHalfEven(thresholdDistance * 10 ** fractional_precision));
  const point = scaled * 2n * BigInt(resolution);
  const residue = ((point % step) + step) % step;
  const onGrid = 2n * residue < step ? point - residue : point + (step - residue);
  return Array.from({ length: 2 * resolution + 1 }, (_, at) =>
    String(onGrid + BigInt(at - resolution) * step),
  );
}

function scaledInteger(value: string, precision: number): bigint | null {
  const whole = /^\s*([+-]?)(\d+)\s*$/.exec(value);
  if (whole !== null) {
    const number = BigInt(whole[2] ?? '') * (whole[1] === '-' ? -1n : 1n);
    return number * 10n ** BigInt(precision);
  }
  if (!/^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/.test(value)) return null;
  const number = Number(value);
  if (!Number.isFinite(number)) return null;
  return BigInt(precision === 0 ? Math.trunc(number) : roundHalfEven(number * 10 ** precision));
}

function roundHalfEven(number: number): number {
  const floor = Math.floor(number);
  const rest = number - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}
