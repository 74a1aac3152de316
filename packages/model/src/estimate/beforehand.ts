import type { Sides } from '../decide/one-to-one.js';
import type { NonMatches } from './non-matches.js';

/*
 * What is known of a pair before it is looked at, where a person has one partner at most. The odds are against both having
 * no partner; so it matters how many relatives there are among pairs of whom neither has one, and not among all pairs. If
 * who is in which file were drawn for each child by itself, they would be as rare there. It is not: a clinic may have seen one
 * of two twins, and the school the other.
 */
export type Beforehand = {
  /** Odds of a pair against both having no partner. */
  readonly prior: number;
  /** Of pairs of whom neither has a partner. */
  readonly others: NonMatches;
};

export type Between = {
  readonly sides: Sides;
  /** Of all pairs. */
  readonly others: NonMatches;
  /** Whether a person has at most one partner on the other side. */
  readonly oneToOne: boolean;
};

/**
 * However many match, so many of a side are held to have no partner: were it none, whoever is left over would be
 * linked to whatever candidate is left over too.
 */
const LEAST_WITHOUT_PARTNER = 0.02;

/** How many of either side have no partner. */
export function withoutPartner(matches: number, { a, b }: Sides): Sides {
  const without = (side: number) => Math.max(side - matches, LEAST_WITHOUT_PARTNER * side, 0.5);
  return { a: without(a), b: without(b) };
}

/** @param relatives of each kind, pairs of whom neither has a partner. */
export function beforehand(
  { sides, others, oneToOne }: Between,
  { matches, relatives }: { readonly matches: number; readonly relatives: readonly number[] },
): Beforehand {
  if (!oneToOne) return { prior: matches / Math.max(1, sides.a * sides.b - matches), others };
  const alone = withoutPartner(matches, sides);
  const pairs = alone.a * alone.b;
  const kinds = others.kinds.map(({ u }, kind) => ({ share: (relatives[kind] ?? 0) / pairs, u }));
  return { prior: matches / pairs, others: { strangers: others.strangers, kinds } };
}

/** Relatives are never held to be more than this share of the pairs of whom neither has a partner, each kind. */
const MOST_OF_PAIRS = 0.25;

/**
 * Of each kind of relatives, between how many and how many pairs have no partner: no fewer than if each were drawn by itself,
 * no more than there are of the kind, or of children without a partner.
 */
export function relativesWithin({ sides, others }: Between, matches: number) {
  const alone = withoutPartner(matches, sides);
  const pairs = alone.a * alone.b;
  return others.kinds.map(({ share }) => {
    const most = Math.min(share * sides.a * sides.b, alone.a, alone.b, MOST_OF_PAIRS * pairs);
    return { least: Math.min(share * pairs, most), most };
  });
}

/** As many as there can be. */
export const mostRelatives = (between: Between, matches: number): number[] =>
  relativesWithin(between, matches).map(({ most }) => most);
