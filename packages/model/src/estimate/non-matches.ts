import type { Comparison } from '../compare/comparisons.js';
import { addPattern, likelihood, normalised, type PerLevel, perLevel } from './patterns.js';
import { usualU } from './usual.js';

/*
 * How pairs of different persons agree (u of Fellegi and Sunter), as three kinds of pair: strangers; two of one
 * household, as siblings are; and two of one birth date who share a surname or a household, as twins are. The last
 * two are few, but they are what a pass finds when it does not find the person. With them in the model the first
 * name carries the decision where everything else agrees, and a child whose twin is absent elsewhere does not draw
 * the twin's links. Owners count their own pairs, whom they know to be different persons, and give counts.
 */

/** Levels of pairs of different persons of one owner, and how many pairs show them. */
export type LevelCounts = readonly { readonly levels: Uint8Array; readonly pairs: number }[];

/** What one owner counted among its own persons, as it says; see `bounded`. */
export type OwnPairs = {
  readonly persons: number;
  /** A random sample of all pairs. */
  readonly random: LevelCounts;
  /** All pairs that share a household, or a surname and a birth date. */
  readonly related: LevelCounts;
};

export type Kind = { readonly share: number; readonly u: PerLevel };
export type NonMatches = { readonly strangers: PerLevel; readonly kinds: readonly Kind[] };

/** Fewer pairs of a kind are not told apart from the others: neither an estimate nor a secret could rest on them. */
const FEWEST_PAIRS = 11;
/** However large a sample an owner claims, it counts as this many pairs: as many as the software draws. */
const MOST_RANDOM_PAIRS = 100_000;
/** However many relatives an owner claims: nobody has more in all kinds of household together. */
const MOST_RELATED_EACH = 30;
/** Nor can more than one pair in twenty be of relatives, however small the file. */
const MOST_RELATED_SHARE = 0.05;

/**
 * u of some owners' persons, by a rule that looks at no candidate and no label:
 *
 * 1. strangers: from the owners' random pairs together, or as published (`usualU`) where no owner has any;
 * 2. siblings, and twins: from the owners' tables of related pairs, each kind where they have eleven of it;
 * 3. a pair is of a kind as often as the owners' pairs are, and else of strangers.
 *
 * What an owner counts is trusted input, and is bounded first, so that no owner can outweigh the others or make
 * strangers look related.
 */
export function nonMatches(comparisons: readonly Comparison[], claimed: readonly OwnPairs[]): NonMatches {
  const owners = claimed.map(bounded);
  const spread = even(comparisons);
  const strangers = perLevel(comparisons);
  for (const { random } of owners) addAll(strangers, random);
  const allPairs = owners.reduce((sum, { persons }) => sum + (persons * (persons - 1)) / 2, 0);
  const birth = comparisons.findIndex(({ name }) => name === 'birth');
  const kinds = [true, false].flatMap((twins): Kind[] => {
    const counts = perLevel(comparisons);
    let pairs = 0;
    for (const { related } of owners) {
      const own = related.filter(({ levels }) => (birth >= 0 && levels[birth] === 0) === twins);
      pairs += addAll(counts, own);
    }
    if (pairs < FEWEST_PAIRS || allPairs === 0) return [];
    return [{ share: pairs / allPairs, u: normalised(counts, spread, 0.5 * 4) }];
  });
  const known = owners.some(({ random }) => random.length > 0);
  return { strangers: known ? normalised(strangers, spread, 1) : usualU(comparisons), kinds };
}

/** Counts that are none are left out, and too many are scaled down, all alike. */
function bounded({ persons, random, related }: OwnPairs): OwnPairs {
  const relatedAtMost = Math.min(
    persons * MOST_RELATED_EACH,
    Math.max(FEWEST_PAIRS, (MOST_RELATED_SHARE * persons * (persons - 1)) / 2),
  );
  return {
    persons,
    random: atMost(random, MOST_RANDOM_PAIRS),
    related: atMost(related, relatedAtMost),
  };
}

function atMost(counts: LevelCounts, most: number): LevelCounts {
  const sound = counts.filter(({ pairs }) => Number.isFinite(pairs) && pairs > 0);
  const all = sound.reduce((sum, { pairs }) => sum + pairs, 0);
  const scale = Math.min(1, most / Math.max(1, all));
  return sound.map(({ levels, pairs }) => ({ levels, pairs: pairs * scale }));
}

function addAll(counts: PerLevel, of: LevelCounts): number {
  let pairs = 0;
  for (const each of of) {
    addPattern(counts, each.levels, each.pairs);
    pairs += each.pairs;
  }
  return pairs;
}

/** P(levels | different persons). */
export function chanceOf({ strangers, kinds }: NonMatches, levels: Uint8Array): number {
  let others = 0;
  let chance = 0;
  for (const { share, u } of kinds) {
    others += share;
    chance += share * likelihood(u, levels);
  }
  return chance + (1 - others) * likelihood(strangers, levels);
}

/** Every level as likely as the others. */
const even = (comparisons: readonly Comparison[]): Float64Array[] =>
  comparisons.map(({ levels }) => new Float64Array(levels.length).fill(1 / levels.length));
