/** The systems the extracts come from, and how carefully each is kept. */
export type Vendor = 'district' | 'charter' | 'afterschool' | 'recreation' | 'plans' | 'clinic' | 'vision';

export type Care = {
  /** Share of records with one typing error in a name or the birth date. */
  readonly errors: number;
  /** Share of children with a short form who are registered under it. */
  readonly nicknames: number;
  /** Share of records written without accents; a system that cannot hold them has 1. */
  readonly plainLetters: number;
  /** Share of two-surname children registered with one of the two, or with them joined otherwise. */
  readonly otherSurnames: number;
  /** Share of renamed children still under the earlier surname. */
  readonly formerSurnames: number;
};

export const CARE: Readonly<Record<Vendor, Care>> = {
  district: { errors: 0.01, nicknames: 0, plainLetters: 0.35, otherSurnames: 0, formerSurnames: 0.3 },
  charter: { errors: 0.012, nicknames: 0.03, plainLetters: 0.5, otherSurnames: 0.15, formerSurnames: 0.3 },
  afterschool: { errors: 0.05, nicknames: 0.6, plainLetters: 0.75, otherSurnames: 0.5, formerSurnames: 0.7 },
  recreation: { errors: 0.06, nicknames: 0.65, plainLetters: 0.6, otherSurnames: 0.45, formerSurnames: 0.6 },
  plans: { errors: 0.04, nicknames: 0.3, plainLetters: 0.6, otherSurnames: 0.3, formerSurnames: 0.5 },
  clinic: { errors: 0.03, nicknames: 0.05, plainLetters: 1, otherSurnames: 0.4, formerSurnames: 0.7 },
  vision: { errors: 0.05, nicknames: 0.25, plainLetters: 0.8, otherSurnames: 0.3, formerSurnames: 0.5 },
};
