import type { ComparedPair, ModelLevel } from './waterfall.js';

/** What the page on linkage shows: counts, shares and weights; no record and no value. */
export type LinkageNight = {
  readonly city: string;
  readonly synthetic: boolean;
  readonly day: string;
  readonly software: string;
  readonly model: readonly ModelLevel[];
  /** Pairs whose sealed fields met, by weight to the whole bit and by what became of them. */
  readonly weights: readonly { readonly weight: number; readonly class: string; readonly pairs: number }[];
  readonly expected: readonly ExpectedRow[];
  readonly passes: readonly PassRow[];
  readonly doubts: readonly DoubtRow[];
  /** What owners said of pairs, beside what the model had made of them. */
  readonly calibration: readonly CalibrationRow[];
  /** How many persons have so many records. */
  readonly sizes: readonly { readonly records: number; readonly persons: number }[];
  /** Of each partner's records: how many there are, and how many reach a pair of at least so many bits. */
  readonly reach: readonly ReachRow[];
  /** Link rates of groups of children, of those that are large enough to be shown. */
  readonly groups: readonly GroupRow[];
  /** What is expected of the links of all children, and of those groups; undefined where nothing is sealed. */
  readonly expectedOfGroups: ExpectedOfGroups | undefined;
  /** Undefined where the city asks for no household index. */
  readonly households: HouseholdsNight | undefined;
  /** The least sure link of the night and the surest pair that was not linked, without their records. */
  readonly examples: readonly { readonly title: string; readonly pair: ComparedPair }[];
};

/** Counts to the next ten; undefined where one may not be told. */
export type HouseholdsNight = {
  readonly standing: readonly { readonly standing: string; readonly persons: number | undefined }[];
  readonly sizes: readonly { readonly children: number; readonly households: number | undefined }[];
  /** Households of which a source knows a child (`households`), and every child (`whole`). */
  readonly reach: readonly {
    readonly source: string;
    readonly households: number;
    readonly whole: number;
  }[];
};

export type ExpectedRow = {
  readonly sources: string;
  readonly pairs: number;
  readonly links: number;
  readonly precision: readonly [number, number, number];
  readonly recall: readonly [number, number, number];
};
/** Value and 95 % interval: low, value, high. */
export type Rates = Pick<ExpectedRow, 'links' | 'precision' | 'recall'>;
export type ExpectedOfGroups = {
  readonly everybody: Rates;
  readonly groups: readonly (Rates & { readonly dimension: string; readonly level: string })[];
};
export type PassRow = {
  readonly name: string;
  readonly kind: string;
  readonly pairs: number;
  readonly linked: number;
  readonly ambiguous: number;
  readonly refused: number;
  /** Pairs that no other pass of its kind found, and of them those that it linked. */
  readonly alone: number;
  readonly linkedAlone: number;
  /** Milliseconds that finding its pairs took; undefined where that is not known. */
  readonly ms: number | undefined;
};
/** Pairs of some band of probability of which owners said whether they are one person. */
export type CalibrationRow = {
  readonly from: number;
  readonly to: number;
  readonly pairs: number;
  /** Matches that the model expected among them, and that owners found. */
  readonly expected: number;
  readonly found: number;
};
/** What is doubtful, and where. */
export type DoubtRow = {
  readonly finding: string;
  readonly about: string;
  readonly value: number;
};
export type ReachRow = {
  readonly partner: string;
  readonly records: number;
  readonly atLeast: readonly { readonly bits: number; readonly records: number }[];
};
export type GroupRow = {
  readonly dimension: string;
  readonly level: string;
  readonly children: number;
  readonly linked: number;
};
