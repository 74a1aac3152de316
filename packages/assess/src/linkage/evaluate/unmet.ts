import type { SealingPass } from '@throughline/agreement';
import type { Interval } from '@throughline/model';
import { fieldOfPart, partsMadeOf, partsTold } from '@throughline/tokenize';

/** Pairs that met by the same passes: one bit a pass, and how many matches are expected among them. */
export type MetBy = { readonly passes: bigint; readonly matches: number };

/** 97.5 % of the standard normal distribution lies below. */
const Z = 1.96;
/** Of fewer trials a field's rate of failure is not told. */
const FEWEST_TRIALS = 20;
/** Beyond, the fields that fail seldom are taken never to fail; all subsets are looked at. */
const MOST_FIELDS = 12;

/**
 * Of all matches, the share that no pass brings together, estimated without labels. How often a field fails is counted
 * among pairs that met by passes which do not need it and which show that the other fields of some pass that does
 * need it are whole: such a pass has found the pair unless the field has failed. If fields fail independently, a pair is
 * missed when every pass has lost a field. A field that every pass needs is never seen to fail, so the estimate is a
 * lower bound; its interval is that of the rates, as far as counts are few.
 */
export function unmetShare(passes: readonly SealingPass[], met: readonly MetBy[]): Interval {
  const fields = [...new Set(passes.flatMap(fieldsOf))].sort();
  const rates = fields
    .map((field) => ({ field, ...failureOf(field, passes, met) }))
    .sort((one, other) => other.rate - one.rate || (one.field < other.field ? -1 : 1))
    .slice(0, MOST_FIELDS);
  const missedAt = (sign: number): number =>
    missed(
      passes,
      rates.map(({ field, rate, error }) => ({
        field,
        rate: Math.min(1, Math.max(0, rate + sign * Z * error)),
      })),
    );
  return { value: missedAt(0), low: missedAt(-1), high: missedAt(1) };
}

const fieldsOf = ({ parts }: SealingPass): readonly string[] => [
  ...new Set(partsMadeOf(parts).map(fieldOfPart)),
];

/** Counts the trials of a field, and in how many of them it failed. */
function failureOf(field: string, passes: readonly SealingPass[], met: readonly MetBy[]) {
  const needs = passes.map((pass) => fieldsOf(pass).includes(field));
  const rest = passes.map(({ parts }) => partsMadeOf(parts).filter((part) => fieldOfPart(part) !== field));
  let [trials, failures] = [0, 0];
  for (const { passes: found, matches } of met) {
    const has = (pass: number) => ((found >> BigInt(pass)) & 1n) === 1n;
    const told = partsTold(
      passes.flatMap(({ parts }, pass) => (has(pass) && needs[pass] === false ? partsMadeOf(parts) : [])),
    );
    const able = [...passes.keys()].filter(
      (pass) => needs[pass] === true && rest[pass]?.every((part) => told.has(part)) === true,
    );
    if (able.length === 0) continue;
    trials += matches;
    if (!able.some(has)) failures += matches;
  }
  if (trials < FEWEST_TRIALS) return { rate: 0, error: 0 };
  const rate = failures / trials;
  return { rate, error: Math.sqrt((rate * (1 - rate)) / trials) };
}

type Rate = { readonly field: string; readonly rate: number };

/** The chance that every pass has lost one of its fields: the sum over all sets of fields that have failed. */
function missed(passes: readonly SealingPass[], rates: readonly Rate[]): number {
  const bits = passes.map((pass) =>
    fieldsOf(pass).reduce((set, field) => {
      const at = rates.findIndex((each) => each.field === field);
      return at < 0 ? set : set | (1 << at);
    }, 0),
  );
  let sum = 0;
  for (let failed = 0; failed < 1 << rates.length; failed += 1) {
    if (!bits.every((needed) => (needed & failed) !== 0)) continue;
    sum += rates.reduce((chance, { rate }, at) => chance * ((failed >> at) & 1 ? rate : 1 - rate), 1);
  }
  return sum;
}
