import { safeName, ThroughlineError } from '@throughline/core';
import type { Candidates, Comparison, Estimate, NonMatches, PerLevel } from '@throughline/model';
import { z } from 'zod';

const share = z.number().min(0).max(1);
const perLevelSchema = z.array(z.array(share).min(2).max(16)).min(1).max(40);
const source = z.string().min(1).max(400);

/** A whole model as a file that can be read, signed, fixed and used again; `schemaVersion` 2. */
export const parametersSchema = z.strictObject({
  schemaVersion: z.literal(2),
  comparisons: z
    .array(z.strictObject({ name: z.string().max(40), levels: z.array(z.string().max(40)).min(2).max(16) }))
    .min(1)
    .max(40),
  /** P(level | same person), comparison by comparison. */
  m: perLevelSchema,
  /** P(level | two who have nothing to do with each other). */
  u: perLevelSchema,
  /** Siblings, and twins: how many of all pairs of different persons are such, and P(level | such a pair). */
  related: z.array(z.strictObject({ share, u: perLevelSchema })).max(4),
  /**
   * Before a pair is looked at: how many persons of the smaller of two sources have a record in the other. Where two
   * sources are not listed, that is estimated.
   */
  prior: z.array(z.strictObject({ sources: z.tuple([source, source]), share })).max(10_000),
  /** A pair of this probability or a greater one may be a link. */
  threshold: share,
});
export type Parameters = z.infer<typeof parametersSchema>;

/** What a night has learned, or was given. `sources`: their names, in order. */
export type Learned = {
  readonly comparisons: readonly Comparison[];
  readonly sources: readonly string[];
  readonly estimate: Estimate;
  readonly others: NonMatches;
  readonly threshold: number;
  /** The shares that were given, if any: they decided, and not what the matches come to. */
  readonly given?: FixedModel['share'] | undefined;
  readonly between: readonly (Pick<Candidates, 'sides'> & {
    readonly left: number;
    readonly right: number;
  })[];
};

export function parametersOf(learned: Learned): Parameters {
  const { comparisons, sources, estimate, others, threshold, given, between } = learned;
  const plain = (values: PerLevel) => values.map((of) => [...of]);
  return {
    schemaVersion: 2,
    comparisons: comparisons.map(({ name, levels }) => ({ name, levels: [...levels] })),
    m: plain(estimate.m),
    u: plain(others.strangers),
    related: others.kinds.map(({ share: of, u }) => ({ share: of, u: plain(u) })),
    prior: between.map(({ left, right, sides }, place) => ({
      sources: [sources[left] ?? '', sources[right] ?? ''],
      share:
        given?.(left, right) ??
        Math.min(1, (estimate.between[place]?.matches ?? 0) / Math.max(1, Math.min(sides.a, sides.b))),
    })),
    threshold,
  };
}

/** A model that is given, for some sources. */
export type FixedModel = {
  readonly m: PerLevel;
  readonly others: NonMatches;
  readonly threshold: number;
  /** Of the smaller of two sources, by their places; undefined where it is to be estimated. */
  readonly share: (left: number, right: number) => number | undefined;
};

/** No level is impossible. */
const LEAST = 1e-6;

/**
 * The model of a file of parameters, in the order of some comparisons. A comparison that the file has beyond them is
 * left out.
 *
 * @throws ThroughlineError CONFIG_INVALID where the file lacks a comparison, or knows other levels of it.
 */
export function fixedModel(
  comparisons: readonly Comparison[],
  sources: readonly string[],
  { m, u, related, prior, threshold, ...parameters }: Parameters,
): FixedModel {
  const places = comparisons.map(({ name, levels }) => {
    const place = parameters.comparisons.findIndex((each) => each.name === name);
    if (parameters.comparisons[place]?.levels.join() !== levels.join()) throw unlike(name);
    return place;
  });
  const ordered = (values: Parameters['m']): Float64Array[] =>
    comparisons.map(({ name, levels }, comparison) => {
      const of = values[places[comparison] ?? -1] ?? [];
      if (of.length !== levels.length) throw unlike(name);
      const total = of.reduce((sum, each) => sum + Math.max(LEAST, each), 0);
      return Float64Array.from(of, (each) => Math.max(LEAST, each) / total);
    });
  if (related.reduce((sum, { share: of }) => sum + of, 0) > 1) throw unlike('related');
  return {
    m: ordered(m),
    others: {
      strangers: ordered(u),
      kinds: related.map((kind) => ({ share: kind.share, u: ordered(kind.u) })),
    },
    threshold,
    share: (left, right) => {
      const names = [sources[left] ?? '', sources[right] ?? ''];
      return prior.find((each) => names.every((name) => each.sources.includes(name)))?.share;
    },
  };
}

const unlike = (name: string) =>
  new ThroughlineError('CONFIG_INVALID', {
    field: safeName(`parameters.${name}`),
    rule: safeName('the levels that the fields are compared by'),
  });
