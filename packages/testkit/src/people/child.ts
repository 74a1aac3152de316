import type { Day } from '../calendar/days.js';
import type { Span } from '../schooling/span.js';
import type { Heritage } from './name-book.js';

export type Sex = 'F' | 'M' | 'X';

/** The name on the birth certificate. Two surnames stand apart or hyphenated, as `joiner` says. */
export type LegalName = {
  readonly given: string;
  readonly middle: string;
  readonly surnames: readonly string[];
  readonly joiner: ' ' | '-';
  readonly suffix: string;
};

export type Address = {
  readonly number: number;
  readonly street: string;
  readonly unit: string;
  readonly zip: string;
};

export type Household = {
  readonly id: string;
  readonly heritage: Heritage;
  readonly surnames: readonly [string, string];
  readonly guardian: { readonly given: string; readonly surname: string };
  /** Ten digits; the second is another adult's. */
  readonly phones: readonly [string, string];
  readonly address: Address;
  /** Where the family lived before `movedOn`, if it moved this year. */
  readonly formerAddress: Address | null;
  readonly movedOn: Day | null;
  readonly language: string;
  readonly meals: Meals;
  /** Which catchment of the district the family lives in, in [0, 1). */
  readonly zone: number;
  readonly system: 'public' | 'charter' | 'private';
};

export type Meals = 'free' | 'reduced' | 'not_eligible';

export type Race =
  | 'white'
  | 'black'
  | 'asian'
  | 'american_indian'
  | 'pacific'
  | 'two_or_more'
  | 'not_reported';

export type EnglishLevel = 'English Only' | 'Fluent' | 'FLEP' | 'Limited';

/** One true person. What a partner believes about them is `Identity` in dirt/. */
export type Child = {
  readonly id: string;
  /** Names the child's random streams. */
  readonly index: number;
  readonly household: Household;
  /** Empty unless born with another child of the household. */
  readonly twinGroup: string;
  readonly name: LegalName;
  /** Empty if the child goes by the given name. */
  readonly nickname: string;
  /** Set if the surname changed this year. */
  readonly formerSurnames: readonly string[] | null;
  readonly sex: Sex;
  readonly birth: Day;
  /** -1 is pre-kindergarten, 0 kindergarten. */
  readonly grade: number;
  readonly race: Race;
  readonly hispanic: boolean;
  /** Empty if none. */
  readonly disability: string;
  readonly english: EnglishLevel;
  /** The state's ten digits; empty for children who never had a public school, and for newcomers. */
  readonly stateId: string;
  /** The district's six digits; empty for children it never enrolled. */
  readonly localId: string;
  /** The charter's student number; empty for children it never enrolled. */
  readonly charterNumber: string;
  readonly spans: readonly Span[];
  /** Chance of being absent on a day in session. */
  readonly absenceRate: number;
  /** Whether the family looked for an afterschool place. */
  readonly afterschool: boolean;
  readonly optedOutOn: Day | null;
  /** Why this child is in the city, for those placed on purpose; empty otherwise. */
  readonly trap: string;
};

/** Canaries are written whole and true everywhere, so that a test knows what to look for. */
export const isCanary = ({ trap }: Pick<Child, 'trap'>): boolean => trap === 'canary';
