import {
  type Beforehand,
  beforehand,
  type Comparison,
  chanceOf,
  likelihood,
  MISSING,
  mostRelatives,
  type OwnPairs,
  type PerLevel,
} from '@throughline/model';
import { z } from 'zod';
import { betweenOf, linkSources, type MetPersons } from '../decide/link-sources.js';
import type { HealthFinding } from '../estimate/health.js';
import { type FixedModel, type Parameters, parametersSchema } from '../estimate/parameters.js';

/** Everything that weighs a pair, as it was last learned; with nothing but this and two slots a pair is weighed again. */
export type SealedModel = {
  readonly m: PerLevel;
  /** Of pairs of persons who have nothing to do with each other, over all owners. */
  readonly u: PerLevel;
  readonly between: readonly ModelBetween[];
  readonly threshold: number;
  /** The same as a file that can be fixed and used elsewhere; null where nothing is sealed. */
  readonly parameters: Parameters | null;
  /** What was doubtful about it when it was learned. */
  readonly health: readonly HealthFinding[];
};

/** Where fewer than two partners seal. */
export const NO_MODEL: SealedModel = {
  m: [],
  u: [],
  between: [],
  threshold: 1,
  parameters: null,
  health: [],
};

type ModelBetween = {
  readonly left: number;
  readonly right: number;
  /** Odds of a pair before it is looked at. */
  readonly prior: number;
  readonly strangers: PerLevel;
  readonly kinds: readonly { readonly share: number; readonly u: PerLevel }[];
};

const perLevel = z.array(z.array(z.number()));
const modelSchema = z.strictObject({
  m: perLevel,
  u: perLevel,
  between: z.array(
    z.strictObject({
      left: z.int(),
      right: z.int(),
      prior: z.number(),
      strangers: perLevel,
      kinds: z.array(z.strictObject({ share: z.number(), u: perLevel })),
    }),
  ),
  threshold: z.number(),
  parameters: parametersSchema.nullable(),
  health: z.array(z.custom<HealthFinding>((finding) => typeof finding === 'object' && finding !== null)),
});

const typed = (levels: readonly (readonly number[])[]): Float64Array[] =>
  levels.map((each) => Float64Array.from(each));
const plain = (levels: PerLevel): number[][] => levels.map((each) => [...each]);

export const modelAsText = ({ m, u, between, ...model }: SealedModel): string =>
  JSON.stringify({
    m: plain(m),
    u: plain(u),
    between: between.map(({ strangers, kinds, ...rest }) => ({
      ...rest,
      strangers: plain(strangers),
      kinds: kinds.map(({ share, u: of }) => ({ share, u: plain(of) })),
    })),
    ...model,
  });

/** @throws ZodError where it is not what `modelAsText` wrote. */
export function modelOfText(text: string): SealedModel {
  const { m, u, between, ...model } = modelSchema.parse(JSON.parse(text));
  return {
    m: typed(m),
    u: typed(u),
    between: between.map(({ strangers, kinds, ...rest }) => ({
      ...rest,
      strangers: typed(strangers),
      kinds: kinds.map(({ share, u: of }) => ({ share, u: typed(of) })),
    })),
    ...model,
  };
}

export type Learning = {
  readonly comparisons: readonly Comparison[];
  /** Names of the sources, in order. */
  readonly names: readonly string[];
  readonly own: readonly OwnPairs[];
  /** What a memorandum fixes of the model. */
  readonly fixed: FixedModel | undefined;
  readonly met: readonly MetPersons[];
};

/** Learns a model, as far as none is fixed, from all pairs of persons that met. */
export function learned({ comparisons, names, own, fixed, met }: Learning): SealedModel {
  const linked = linkSources({ comparisons, names, own, fixed }, met);
  const { estimate } = linked;
  const pairs = own.flatMap((_, left) =>
    own.slice(left + 1).map((__, offset) => [left, left + 1 + offset] as const),
  );
  return {
    m: estimate.m,
    u: linked.strangers,
    threshold: linked.expectation.threshold,
    parameters: linked.parameters,
    health: linked.health,
    between: pairs.map(([left, right]) => {
      const place = met.findIndex((each) => each.left === left && each.right === right);
      const { prior, others } =
        estimate.between[place]?.before ??
        beforeMeeting(betweenOf(comparisons, { own, fixed }, { left, right }));
      return { left, right, prior, ...others };
    }),
  };
}

/** Of two sources that nobody met of: one match at most, and relatives as many as there can be. */
function beforeMeeting(between: ReturnType<typeof betweenOf>): Beforehand {
  const { matches = 1 } = between;
  return beforehand(between, { matches, relatives: mostRelatives(between, matches) });
}

/** What a pattern of levels weighs between two sources. */
export type Weighed = {
  /** log2 of the likelihood ratio. */
  readonly weight: number;
  /** Odds of a pair that has no rival. */
  readonly odds: number;
};

export function weighedBy(model: SealedModel): (left: number, right: number, levels: Uint8Array) => Weighed {
  const between = new Map(model.between.map((each) => [`${each.left} ${each.right}`, each]));
  return (left, right, levels) => {
    const of = between.get(`${left} ${right}`);
    if (of === undefined) throw new RangeError('model: two sources that it knows expected');
    const ratio = likelihood(model.m, levels) / chanceOf(of, levels);
    return { weight: Math.log2(ratio), odds: of.prior * ratio };
  };
}

/** Levels as digits, and back; no comparison has more than ten. */
export const digitsOf = (levels: Uint8Array): string =>
  Array.from(levels, (level) => (level === MISSING ? '-' : level)).join('');
export const levelsOfDigits = (digits: string): Uint8Array =>
  Uint8Array.from(digits, (digit) => (digit === '-' ? MISSING : Number(digit)));
