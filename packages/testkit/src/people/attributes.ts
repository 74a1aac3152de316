import type { Rng } from '../random/streams.js';
import { sampler } from '../random/weighted.js';
import type { EnglishLevel, Household, Race, Sex } from './child.js';
import type { Heritage } from './name-book.js';

const RACE: Readonly<Record<Heritage, Race>> = {
  hispanic: 'white',
  white: 'white',
  portuguese: 'white',
  black: 'black',
  asian: 'asian',
  native: 'american_indian',
  pacific: 'pacific',
  mixed: 'two_or_more',
  unreported: 'not_reported',
};

const HISPANIC_RACE = sampler<Race>([
  ['white', 0.68],
  ['two_or_more', 0.12],
  ['black', 0.08],
  ['not_reported', 0.08],
  ['american_indian', 0.04],
]);

const DISABILITY = sampler<string>([
  ['Specific LD', 0.34],
  ['Communication', 0.19],
  ['Health', 0.14],
  ['Autism', 0.13],
  ['Developmental Delay', 0.08],
  ['Emotional', 0.08],
  ['Intellectual', 0.03],
  ['Sensory/Hearing', 0.01],
]);

export function someSex(rng: Rng): Sex {
  const draw = rng.next();
  if (draw < 0.006) return 'X';
  return draw < 0.492 ? 'F' : 'M';
}

export function someRace(rng: Rng, heritage: Heritage): Race {
  return heritage === 'hispanic' ? HISPANIC_RACE(rng) : RACE[heritage];
}

/** Empty if none. Boys, and children of families short of money, are identified more often. */
export function someDisability(rng: Rng, sex: Sex, household: Household): string {
  const rate = 0.145 * (sex === 'M' ? 1.4 : 0.85) * (household.meals === 'not_eligible' ? 0.9 : 1.3);
  return rng.chance(rate) ? DISABILITY(rng) : '';
}

/** Learners become former learners (FLEP) and fluent speakers as they grow older. */
export function someEnglish(rng: Rng, household: Household, grade: number): EnglishLevel {
  if (household.language === 'English') return 'English Only';
  const draw = rng.next();
  if (draw < 0.66 - 0.035 * Math.max(0, grade)) return 'Limited';
  return draw < 0.8 ? 'FLEP' : 'Fluent';
}

/** Mean about 6 %; a sixth of the children come out at 10 % or above. */
export function someAbsenceRate(
  rng: Rng,
  about: { household: Household; grade: number; disability: string; afterschool: boolean },
): number {
  const { household, grade, disability, afterschool } = about;
  const strain =
    (household.meals === 'not_eligible' ? -0.25 : 0.2) +
    (disability === '' ? 0 : 0.25) +
    (household.movedOn === null ? 0 : 0.25) +
    (grade <= 0 ? 0.3 : grade >= 9 ? 0.25 : -0.1) +
    (afterschool ? -0.15 : 0);
  return Math.min(0.6, Math.max(0.002, 0.042 * Math.exp(0.72 * normal(rng) + strain)));
}

/** Standard normal, by Box and Muller. */
function normal(rng: Rng): number {
  return Math.sqrt(-2 * Math.log(1 - rng.next())) * Math.cos(2 * Math.PI * rng.next());
}

const AFTERSCHOOL_SHARE = { young: 0.385, middle: 0.29, old: 0.1 };

/** Whether the family looks for an afterschool place: younger children and tighter budgets more often. */
export function wantsAfterschool(rng: Rng, household: Household, grade: number): boolean {
  const band = grade <= 5 ? 'young' : grade <= 8 ? 'middle' : 'old';
  const meals = household.meals === 'not_eligible' ? 0.85 : 1.15;
  return rng.chance(AFTERSCHOOL_SHARE[band] * meals * (grade < 0 ? 0.2 : 1));
}
