import type { Rng } from '../random/streams.js';
import { type Sampler, sampler } from '../random/weighted.js';
import type { NameTables, SurnameGroup } from './name-tables.js';

/** Where a family's names come from; it also decides race, language and income odds. */
export type Heritage =
  | 'hispanic'
  | 'white'
  | 'portuguese'
  | 'black'
  | 'asian'
  | 'native'
  | 'pacific'
  | 'mixed'
  | 'unreported';

/** A family name as the family writes it, and the language it brings, empty if English. */
export type Surname = { readonly spelling: string; readonly language: string };

/** Draws names, given the family and the year. */
export type NameBook = {
  readonly surname: (rng: Rng, heritage: Heritage) => Surname;
  readonly given: (rng: Rng, about: { heritage: Heritage; sex: 'F' | 'M'; birthYear: number }) => string;
  /** A usual short form, or undefined where the table knows none. */
  readonly nickname: (rng: Rng, given: string) => string | undefined;
};

const SURNAME_GROUP: Readonly<Record<Heritage, SurnameGroup>> = {
  hispanic: 'hispanic',
  white: 'general',
  portuguese: 'portuguese',
  black: 'black',
  asian: 'asian',
  native: 'general',
  pacific: 'general',
  mixed: 'general',
  unreported: 'general',
};

const ETHNICITY: Readonly<Partial<Record<Heritage, string>>> = {
  hispanic: 'h',
  white: 'w',
  black: 'b',
  asian: 'a',
};

/** National counts in the tagged lists are flattened, or every Asian child here would be a Lee. */
const LIST_POWER: Readonly<Record<SurnameGroup, number>> = {
  general: 1,
  irish_italian: 0.8,
  hispanic: 0.9,
  asian: 0.6,
  black: 0.5,
  portuguese: 0.6,
};

/** New York's table, by ethnicity, against the nation's, by birth year. Its White families are not Millbrook's. */
const SHARE_FROM_ETHNICITY_TABLE: Readonly<Record<string, number>> = { h: 0.55, a: 0.55, b: 0.55, w: 0.15 };
const SHARE_BLACK_WITH_GENERAL_SURNAME = 0.45;
const SHARE_WHITE_IRISH_OR_ITALIAN = 0.14;
const SHARE_ACCENTED = 0.45;

export function nameBook(tables: NameTables): NameBook {
  const surnames = surnameSamplers(tables);
  const cohorts = cohortSamplers(tables);
  const ethnicities = ethnicitySamplers(tables);
  return {
    surname(rng, heritage) {
      return drawn(surnames.get(someGroup(rng, heritage)), rng);
    },
    given(rng, { heritage, sex, birthYear }) {
      const ethnicity = ETHNICITY[heritage];
      const local = ethnicity !== undefined && rng.chance(SHARE_FROM_ETHNICITY_TABLE[ethnicity] ?? 0);
      const cohort = Math.min(4, Math.max(0, Math.floor((birthYear - 2000) / 5)));
      const plain = local
        ? drawn(ethnicities.get(`${ethnicity}${sex}`), rng)
        : drawn(cohorts.get(`${cohort}${sex}`), rng);
      const accented =
        heritage === 'hispanic' || heritage === 'portuguese'
          ? tables.accents.get(plain.toLowerCase())
          : undefined;
      return accented !== undefined && rng.chance(SHARE_ACCENTED) ? accented : plain;
    },
    nickname(rng, given) {
      const known = tables.nicknames.get(given.toLowerCase());
      return known === undefined ? undefined : rng.pick(known);
    },
  };
}

function someGroup(rng: Rng, heritage: Heritage): SurnameGroup {
  if (heritage === 'black' && rng.chance(SHARE_BLACK_WITH_GENERAL_SURNAME)) return 'general';
  if (heritage === 'white' && rng.chance(SHARE_WHITE_IRISH_OR_ITALIAN)) return 'irish_italian';
  return SURNAME_GROUP[heritage];
}

function drawn<T>(from: Sampler<T> | undefined, rng: Rng): T {
  if (from === undefined) throw new RangeError('names: expected every list to hold a name');
  return from(rng);
}

function surnameSamplers(tables: NameTables): Map<string, Sampler<Surname>> {
  return samplersBy(
    tables.surnames.map(({ group, count, ...surname }) => [group, surname, count ** LIST_POWER[group]]),
  );
}

function cohortSamplers(tables: NameTables): Map<string, Sampler<string>> {
  return samplersBy(
    tables.givenByCohort.flatMap(({ name, sex, births }) =>
      births.map((count, cohort): [string, string, number] => [`${cohort}${sex}`, name, count]),
    ),
  );
}

function ethnicitySamplers(tables: NameTables): Map<string, Sampler<string>> {
  return samplersBy(
    tables.givenByEthnicity.map(({ name, sex, ethnicity, count }) => [`${ethnicity}${sex}`, name, count]),
  );
}

function samplersBy<T>(entries: readonly [string, T, number][]): Map<string, Sampler<T>> {
  const lists = new Map<string, [T, number][]>();
  for (const [list, name, weight] of entries) {
    const known = lists.get(list) ?? [];
    known.push([name, weight]);
    lists.set(list, known);
  }
  return new Map([...lists].map(([list, known]) => [list, sampler(known)]));
}
