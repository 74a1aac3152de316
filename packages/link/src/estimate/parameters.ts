import { safeName, ThroughlineError } from '@throughline/core';
import { z } from 'zod';
import type { Comparison } from '../compare/comparisons.js';
import type { NonMatches } from './non-matches.js';
import type { PerLevel } from './patterns.js';

const share = z.number().min(0).max(1);
const perLevelSchema = z.array(z.array(share).min(2).max(16)).min(1).max(40);

/** A model as a file that can be read, signed, fixed and used again; `schemaVersion` 1. */
export const parametersSchema = z.strictObject({
  schemaVersion: z.literal(1),
  comparisons: z
    .array(z.strictObject({ name: z.string().max(40), levels: z.array(z.string().max(40)).min(2).max(16) }))
    .min(1)
    .max(40),
  /** P(level | same person), comparison by comparison. */
  m: perLevelSchema,
  /** P(level | different persons), strangers; for a reader, since owners count their own. */
  u: perLevelSchema,
});
export type Parameters = z.infer<typeof parametersSchema>;

export const parametersOf = (
  comparisons: readonly Comparison[],
  m: PerLevel,
  { strangers }: NonMatches,
): Parameters => ({
  schemaVersion: 1,
  comparisons: comparisons.map(({ name, levels }) => ({ name, levels: [...levels] })),
  m: m.map((of) => [...of]),
  u: strangers.map((of) => [...of]),
});

const LEAST = 1e-6;

/**
 * The m of a file of parameters, in the order of some comparisons. A comparison that the file has beyond them is left
 * out.
 *
 * @throws ThroughlineError CONFIG_INVALID where the file lacks a comparison, or knows other levels of it.
 */
export function fixedM(comparisons: readonly Comparison[], parameters: Parameters): Float64Array[] {
  return comparisons.map(({ name, levels }) => {
    const place = parameters.comparisons.findIndex((each) => each.name === name);
    const known = parameters.comparisons[place]?.levels ?? [];
    const of = parameters.m[place] ?? [];
    if (known.join() !== levels.join() || of.length !== levels.length) {
      throw new ThroughlineError('CONFIG_INVALID', {
        field: safeName(`parameters.${name}`),
        rule: safeName('the levels that the fields are compared by'),
      });
    }
    const total = of.reduce((sum, each) => sum + Math.max(LEAST, each), 0);
    return Float64Array.from(of, (each) => Math.max(LEAST, each) / total);
  });
}
