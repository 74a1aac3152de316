import type { SchoolYear } from '../calendar/school-year.js';
import type { Rng } from '../random/streams.js';
import { sampler } from '../random/weighted.js';
import type { Household, Meals } from './child.js';
import type { Heritage, NameBook } from './name-book.js';
import { someAddress } from './streets.js';

const HERITAGE = sampler<Heritage>([
  ['hispanic', 0.36],
  ['white', 0.29],
  ['portuguese', 0.06],
  ['black', 0.13],
  ['asian', 0.1],
  ['mixed', 0.045],
  ['native', 0.004],
  ['pacific', 0.002],
  ['unreported', 0.009],
]);

const LOW_INCOME: Readonly<Record<Heritage, number>> = {
  hispanic: 0.68,
  white: 0.28,
  portuguese: 0.5,
  black: 0.6,
  asian: 0.42,
  native: 0.6,
  pacific: 0.5,
  mixed: 0.45,
  unreported: 0.4,
};

/** Share of families who speak the language of their name at home. */
const KEEPS_LANGUAGE: Readonly<Partial<Record<Heritage, number>>> = {
  hispanic: 0.6,
  portuguese: 0.65,
  black: 0.7,
  asian: 0.68,
};

/** 555 numbers only, so that none is a real family's. */
const AREA_CODES = ['617', '617', '857', '781', '339', '508', '774', '978', '351'];
const SHARE_MOVED = 0.06;
const SHARE_PRIVATE = 0.05;
const SHARE_CHARTER = 0.075;

export function someHousehold(
  rng: Rng,
  context: { id: string; year: SchoolYear; names: NameBook },
): Household {
  const { id, year, names } = context;
  const heritage = HERITAGE(rng);
  const [first, second] = [names.surname(rng, heritage), names.surname(rng, heritage)];
  const surnames = [first.spelling, second.spelling] as const;
  const moved = rng.chance(SHARE_MOVED);
  return {
    id,
    heritage,
    surnames,
    guardian: {
      given: names.given(rng, { heritage, sex: rng.chance(0.75) ? 'F' : 'M', birthYear: 2000 }),
      surname: surnames[rng.below(2)] ?? surnames[0],
    },
    phones: [somePhone(rng), somePhone(rng)],
    address: someAddress(rng),
    formerAddress: moved ? someAddress(rng) : null,
    movedOn: moved ? rng.between(year.start + 20, year.end - 30) : null,
    language: rng.chance(KEEPS_LANGUAGE[heritage] ?? 0) && first.language !== '' ? first.language : 'English',
    meals: someMeals(rng, heritage),
    zone: rng.next(),
    system: someSystem(rng),
  };
}

function somePhone(rng: Rng): string {
  return `${rng.pick(AREA_CODES)}555${String(rng.between(200, 9999)).padStart(4, '0')}`;
}

function someMeals(rng: Rng, heritage: Heritage): Meals {
  if (!rng.chance(LOW_INCOME[heritage])) return 'not_eligible';
  return rng.chance(0.85) ? 'free' : 'reduced';
}

function someSystem(rng: Rng): Household['system'] {
  const draw = rng.next();
  if (draw < SHARE_PRIVATE) return 'private';
  return draw < SHARE_PRIVATE + SHARE_CHARTER ? 'charter' : 'public';
}
