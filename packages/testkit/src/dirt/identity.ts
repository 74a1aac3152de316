import type { Day } from '../calendar/days.js';
import { type Child, isCanary } from '../people/child.js';
import type { Rng, Streams } from '../random/streams.js';
import { misdated, mistyped } from './typos.js';
import { CARE, type Care, type Vendor } from './vendors.js';

/** Who a partner believes the child to be: true variants of the name first, then slips of the hand. */
export type Identity = {
  readonly given: string;
  readonly middle: string;
  readonly surname: string;
  readonly suffix: string;
  readonly birth: Day;
};

const SHARE_CORRECTED_PER_NIGHT = 0.12;

/** `registration` tells apart two records of one child in one system. Canaries are always written true. */
export function knownTo(
  vendor: Vendor,
  child: Child,
  about: { streams: Streams; night: number; registration: number },
): Identity {
  const rng = about.streams('identity', vendor, child.index, about.registration);
  const care = CARE[vendor];
  if (isCanary(child)) return trueIdentity(child);
  const believed = variant(rng, child, care);
  const wrong = rng.chance(care.errors);
  const slipped = slip(rng, believed);
  return wrong && about.night < correctedOn(rng) ? slipped : believed;
}

export function trueIdentity(child: Child): Identity {
  const { given, middle, surnames, joiner, suffix } = child.name;
  return { given, middle, surname: surnames.join(joiner), suffix, birth: child.birth };
}

/** José -> Jose */
export const plainLetters = (text: string): string => text.normalize('NFD').replace(/\p{Mn}/gu, '');

function variant(rng: Rng, child: Child, care: Care): Identity {
  const truth = trueIdentity(child);
  const nickname = rng.chance(care.nicknames) && child.nickname !== '';
  const former = rng.chance(care.formerSurnames) && child.formerSurnames !== null;
  const surnames = former && child.formerSurnames !== null ? child.formerSurnames : child.name.surnames;
  const joined = rng.chance(care.otherSurnames)
    ? otherSurname(rng, surnames)
    : surnames.join(child.name.joiner);
  const letters = rng.chance(care.plainLetters) ? plainLetters : (text: string) => text;
  return {
    given: letters(nickname ? child.nickname : truth.given),
    middle: letters(truth.middle),
    surname: letters(joined),
    suffix: truth.suffix,
    birth: truth.birth,
  };
}

/** Two surnames become one, or change their joint; apostrophes and particles are written as typed in haste. */
function otherSurname(rng: Rng, surnames: readonly string[]): string {
  const [first = '', second] = surnames;
  if (second === undefined) return hasty(rng, first);
  return rng.pick([
    first,
    first,
    second,
    `${first}-${second}`,
    `${first} ${second}`,
    `${first}${second.toLowerCase()}`,
  ]);
}

/** O'Brien -> OBrien, de la Cruz -> Delacruz or De La Cruz */
function hasty(rng: Rng, surname: string): string {
  if (surname.includes("'")) return surname.replace("'", '');
  if (!surname.includes(' ')) return surname;
  const joined = surname.replaceAll(' ', '').toLowerCase();
  const capitals = surname.replace(/(^|\s)\p{L}/gu, (letter) => letter.toUpperCase());
  return rng.chance(0.5) ? joined.slice(0, 1).toUpperCase() + joined.slice(1) : capitals;
}

function slip(rng: Rng, identity: Identity): Identity {
  const where = rng.next();
  if (where < 0.35) return { ...identity, given: mistyped(rng, identity.given) };
  if (where < 0.7) return { ...identity, surname: mistyped(rng, identity.surname) };
  return { ...identity, birth: misdated(rng, identity.birth) };
}

/** The first night on which the slip has been put right. */
function correctedOn(rng: Rng): number {
  let night = 2;
  while (!rng.chance(SHARE_CORRECTED_PER_NIGHT)) night += 1;
  return night;
}
