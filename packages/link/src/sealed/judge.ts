import { marginals, type Pairs } from '@throughline/model';
import { assign, groupsOf } from '../decide/assign.js';
import { LEAST, worthOf } from '../decide/link-sources.js';

/** Pairs of persons of two sources and their odds where there is no rival. */
export type Rivals = Pairs & { readonly odds: Float64Array };

export type Judged = {
  readonly probabilities: Float64Array;
  /** 1 where the best assignment has chosen the pair. */
  readonly chosen: Uint8Array;
};

/**
 * Probabilities under one-to-one and the best assignment, group by group: pairs that no chain of shared persons connects
 * have no bearing on one another, and each group is carried on until it settles by itself. So a group comes out the same
 * whatever else is judged beside it.
 */
export function judged({ a, b, odds }: Rivals): Judged {
  const probabilities = new Float64Array(odds.length);
  for (const group of groupsOf({ a, b }, odds)) {
    const [x, y] = [numbered(group, a), numbered(group, b)];
    const found = marginals(
      { a: x.of, b: y.of },
      Float64Array.from(group, (pair) => odds[pair] ?? 0),
      {
        a: x.count,
        b: y.count,
      },
    );
    for (const [place, pair] of group.entries()) probabilities[pair] = found[place] ?? 0;
  }
  const chosen = new Uint8Array(odds.length);
  for (const pair of assign({ a, b }, probabilities.map(worthOf)).chosen) chosen[pair] = 1;
  return { probabilities, chosen };
}

/** The persons of a group numbered from 0, in the order in which its pairs name them. */
function numbered(group: readonly number[], of: Int32Array) {
  const numbers = new Map<number, number>();
  const places = Int32Array.from(group, (pair) => {
    const person = of[pair] ?? 0;
    const number = numbers.get(person) ?? numbers.size;
    numbers.set(person, number);
    return number;
  });
  return { of: places, count: numbers.size };
}

/** A pair of lower odds than this, without a rival, is no match, and takes nothing from any other pair. */
export const LEAST_ODDS = LEAST / 10;
