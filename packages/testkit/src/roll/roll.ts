import { dayFrom, iso } from '../calendar/days.js';
import { schoolYear } from '../calendar/school-year.js';
import { someSex } from '../people/attributes.js';
import { type Birth, someBirths } from '../people/births.js';
import type { Household, Sex } from '../people/child.js';
import { nearTwinNames, someName } from '../people/child-names.js';
import { someHousehold } from '../people/households.js';
import { type NameBook, nameBook } from '../people/name-book.js';
import type { NameTables } from '../people/name-tables.js';
import { type Rng, type Streams, streams } from '../random/streams.js';

/** A child of a roll: its identifiers in normal form `norm-1`, and what its family calls it. */
export type RollChild = {
  readonly household: number;
  readonly nickname: string | null;
  readonly first: string;
  readonly middle: string | null;
  readonly last: string;
  readonly last_parts: string | null;
  readonly birth_date: string;
  readonly sex: Sex;
  readonly street_number: string;
  readonly street: string;
  readonly zip: string;
  readonly phone: string;
  readonly guardian: string;
};

export type RollPlan = { readonly seed: number; readonly children: number; readonly names: NameTables };

const YEAR = schoolYear({ start: dayFrom(2024, 9, 3), end: dayFrom(2025, 6, 20) }, 1);
const ZIPS = 30;

/**
 * The children of a larger city and their identifiers, without schools and programmes: real name frequencies,
 * siblings and twins as in Millbrook. About 100,000 children in two seconds.
 */
export function childrenRoll({ seed, children, names }: RollPlan): RollChild[] {
  const city = { streams: streams(seed), book: nameBook(names) };
  const roll: RollChild[] = [];
  for (let number = 0; roll.length < children; number += 1) roll.push(...familyOf(city, number));
  return roll.slice(0, children);
}

type Ground = { readonly streams: Streams; readonly book: NameBook };

function familyOf({ streams: named, book }: Ground, number: number): RollChild[] {
  const rng = named('roll', number);
  const household = someHousehold(rng, { id: `h${number}`, year: YEAR, names: book });
  const home = homeOf(rng, household, number);
  return someBirths(rng, YEAR).flatMap((birth) => born(rng, { birth, household, home, book }));
}

type Home = ReturnType<typeof homeOf>;

function homeOf(rng: Rng, { address, guardian, phones }: Household, household: number) {
  return {
    household,
    street_number: String(address.number),
    street: address.street.toUpperCase(),
    zip: `021${String(Math.floor(ZIPS * rng.next() ** 1.5) + 10)}`,
    phone: phones[0],
    guardian: [letters(guardian.given), letters(guardian.surname)].sort().join(' '),
  };
}

type Delivery = {
  readonly birth: Birth;
  readonly household: Household;
  readonly home: Home;
  readonly book: NameBook;
};

function born(rng: Rng, { birth, household, home, book }: Delivery): RollChild[] {
  const sex = someSex(rng);
  const near = birth.together === 2 ? nearTwinNames(rng, sex) : undefined;
  return Array.from({ length: birth.together }, (_, position) => {
    const ownSex = position === 0 || near !== undefined || rng.chance(0.62) ? sex : someSex(rng);
    const about = { household, sex: ownSex, birth: birth.birth, given: near?.[position] };
    const name = someName(rng, about, book);
    const surnames = name.surnames.map(letters);
    const nickname = book.nickname(rng, name.given);
    return {
      ...home,
      nickname: nickname === undefined ? null : letters(nickname),
      first: letters(name.given),
      middle: name.middle === '' ? null : letters(name.middle),
      last: surnames.join(''),
      last_parts: surnames.length > 1 ? surnames.join(' ') : null,
      birth_date: iso(birth.birth),
      sex: ownSex,
    };
  });
}

/** ÁNGELA -> ANGELA */
const letters = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/[^\p{L}]/gu, '')
    .toUpperCase();
