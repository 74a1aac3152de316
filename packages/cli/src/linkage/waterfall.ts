/** A level of a comparison of the model, as the artifact `links` has it. */
export type ModelLevel = {
  readonly position: number;
  readonly comparison: string;
  readonly place: number;
  readonly level: string;
  readonly m: number;
  readonly u: number;
  /** log2 of m / u. */
  readonly weight: number;
};

export type ComparedPair = {
  readonly pass: string;
  /** A digit for the level of each comparison, `-` where it is missing. */
  readonly levels: string;
  readonly weight: number;
  readonly probability: number;
  readonly verdict: string;
};

/** What a part of the evidence adds to the weight, in bits. */
export type WaterfallStep = { readonly name: string; readonly level: string; readonly bits: number };

/** Probabilities this close to 0 or 1 have no odds that mean anything. */
const CLOSEST = 1e-9;

/**
 * From nothing to the odds of a pair, step by step: each comparison against two who have nothing to do with each
 * other; what siblings and twins, who agree more often, take from that; and what the prior, rivals and the chance of
 * having no partner at all make of it.
 */
export function waterfallOf(
  { levels, weight, probability }: ComparedPair,
  model: readonly ModelLevel[],
): WaterfallStep[] {
  const compared = [...levels].flatMap((digit, position): WaterfallStep[] => {
    const level = model.find((each) => each.position === position && String(each.place) === digit);
    return level === undefined ? [] : [{ name: level.comparison, level: level.level, bits: level.weight }];
  });
  const sum = compared.reduce((bits, step) => bits + step.bits, 0);
  const bounded = Math.min(1 - CLOSEST, Math.max(CLOSEST, probability));
  const odds = Math.log2(bounded / (1 - bounded));
  return [
    ...compared,
    { name: 'siblings and twins', level: 'agree as often', bits: weight - sum },
    { name: 'prior and rivals', level: 'one partner at most', bits: odds - weight },
  ];
}
