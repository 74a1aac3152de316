import {
  type Emou,
  linkingRules,
  OWN_DUPLICATES,
  type TokenPart,
  type TokenRule,
  tellsDuplicates,
} from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';

/**
 * A rule of the memorandum as a pass of the linkage: what its token says about two records that agree on it. A
 * pass is named by its bit, `1 << position`, wherever the passes of a pair are kept together.
 */
export type Pass = {
  readonly name: string;
  readonly position: number;
  readonly bit: number;
  readonly basis: TokenRule['basis'];
  /** `whole`: the first name or the name it is short for; `partly`: something that near-twins' names may share. */
  readonly firstName: 'whole' | 'partly' | 'none';
  /** The number that identifies a child, where the rule holds one. */
  readonly number: TokenPart | undefined;
  /** It holds the birth date and not the whole first name: two children of one source who share it are twins, or might be. */
  readonly marksLookalikes: boolean;
  readonly parts: readonly TokenPart[];
};

/** A pair's agreeing rules are kept as bits of a 32-bit integer. */
const MOST_PASSES = 31;
/** `norm-1` gives no two names that twins might bear the same root. */
const WHOLE: readonly TokenPart[] = ['first', 'first_root', 'names.sorted'];
const PARTLY: readonly TokenPart[] = ['first.soundex', 'first.3', 'first.initial'];
const NUMBERS: readonly TokenPart[] = ['state_id', 'district_id'];
const BIRTH_DATE: readonly TokenPart[] = ['birth_date', 'birth_date.swap'];

/**
 * The passes, in the memorandum's order, strongest first.
 *
 * @throws ThroughlineError CONFIG_INVALID where a rule could join a child to its twin: one that links must hold
 *   more of the first name than an initial, or a number and a part of the first name. Also for more than 31 rules
 *   and for two of one name.
 */
export function passesOf(rules: readonly TokenRule[]): readonly Pass[] {
  if (rules.length > MOST_PASSES) throw unsound(rules[MOST_PASSES]?.name ?? '', 'at most 31 rules');
  const passes = rules.map(passOf);
  for (const { name, position, basis } of passes) {
    if (passes.findIndex((other) => other.name === name) !== position)
      throw unsound(name, 'a name used once');
    if (basis !== 'weak' && !tellsTwinsApart(rules[position])) {
      throw unsound(name, 'a rule that links holds more of the first name than an initial, or a number');
    }
  }
  return passes;
}

/**
 * The passes of a memorandum. Last of those that join on their own is the owner's word that two of its records are one
 * person, where the memorandum lets owners say so: exact tokens come before it, and it says nothing of a first name.
 *
 * @throws ThroughlineError CONFIG_INVALID as `passesOf`; with the owner's word there are at most 30 rules.
 */
export function passesAgreed(linkage: Emou['linkage']): readonly Pass[] {
  const passes = passesOf(linkingRules(linkage));
  if (!tellsDuplicates(linkage)) return passes;
  if (passes.length === MOST_PASSES) throw unsound(OWN_DUPLICATES, 'at most 30 rules beside it');
  return [...passes, ownersWord(passes.length)];
}

const ownersWord = (position: number): Pass => ({
  name: OWN_DUPLICATES,
  position,
  bit: 1 << position,
  basis: 'exact',
  firstName: 'none',
  number: undefined,
  marksLookalikes: false,
  parts: [],
});

function passOf({ name, basis, parts }: TokenRule, position: number): Pass {
  const holds = (some: readonly TokenPart[]) => parts.some((part) => some.includes(part));
  const whole = holds(WHOLE);
  return {
    name,
    position,
    bit: 1 << position,
    basis,
    firstName: whole ? 'whole' : holds(PARTLY) ? 'partly' : 'none',
    number: parts.find((part) => NUMBERS.includes(part)),
    marksLookalikes: holds(BIRTH_DATE) && !whole && !holds(NUMBERS),
    parts,
  };
}

function tellsTwinsApart(rule: TokenRule | undefined): boolean {
  const parts = rule?.parts ?? [];
  const partly = parts.filter((part) => PARTLY.includes(part));
  const numbered = parts.some((part) => NUMBERS.includes(part));
  return (
    parts.some((part) => WHOLE.includes(part)) ||
    partly.some((part) => part !== 'first.initial') ||
    (numbered && partly.length > 0)
  );
}

const unsound = (name: string, rule: string) =>
  new ThroughlineError('CONFIG_INVALID', {
    field: safeName(`linkage.rules ${name}`),
    rule: safeName(rule),
  });

/** The bits of some passes together. */
export const bitsOf = (passes: readonly Pass[]): number => passes.reduce((bits, { bit }) => bits | bit, 0);

/** Parts that agree of themselves where a part agrees. */
const IMPLIED: Readonly<Partial<Record<TokenPart, readonly TokenPart[]>>> = {
  first: ['first.initial', 'first.3', 'first.soundex'],
  'first.3': ['first.initial'],
  'first.soundex': ['first.initial'],
  last: ['last.initial', 'last.3', 'last.soundex', 'last_part'],
  'last.3': ['last.initial'],
  'last.soundex': ['last.initial'],
  birth_date: ['birth_date.year', 'birth_date.year_month', 'birth_date.month_day', 'birth_date.swap'],
  'birth_date.year_month': ['birth_date.year'],
};

/** Every part that must be the same in two records that agree on some passes. */
export function agreedParts(passes: readonly Pass[], agreeing: number): ReadonlySet<TokenPart> {
  const parts = passes.flatMap((pass) => ((agreeing & pass.bit) === 0 ? [] : pass.parts));
  return new Set(parts.flatMap((part) => [part, ...(IMPLIED[part] ?? [])]));
}
