import type { Use } from '@throughline/agreement';
import type { PayloadTable } from '@throughline/core';
import type { Sql } from '@throughline/engine';
import type { Amount, Role } from './vocabulary.js';

export { type Role, roles } from './vocabulary.js';

/** Which partners are in which role; a role that is not named has none. */
export type Partners = { readonly [role in Role]?: readonly string[] | undefined };

export const partnersIn = (partners: Partners, role: Role): readonly string[] => partners[role] ?? [];

/** Fields that must be kept by an approved manifest before a row is read. */
export type Need = {
  readonly role: Role;
  readonly table: PayloadTable;
  /** Alternatives: all columns of one of the lists. */
  readonly columns: readonly (readonly string[])[];
  /** `every`: of each partner in the role. `some`: of one at least; the others' children are unknown. */
  readonly from: 'every' | 'some';
};

/** A payload table of the partners in a role. */
export type Source = { readonly role: Role; readonly table: PayloadTable };

/** Both dates inclusive. */
export type Period = { readonly from: string; readonly to: string };

/** What a measure may read. The tables `spans`, `population`, `record_people` and `school_records` stand. */
export type Scope = {
  readonly period: Period;
  readonly snapshot: string;
  /** The windows of the configuration by name. */
  readonly windows: Readonly<Record<string, Period>>;
  /** Sources that name children on record who were enrolled at no time of the period, and are counted all the same. */
  readonly onRecord: readonly Source[];
  readonly partners: Partners;
  /** A payload table of all partners in a role: its columns, and `partner`, `partner_rank`. */
  readonly rows: (role: Role, table: PayloadTable | 'attendance' | 'extracts') => Sql;
};

/** A table on the way, in order. A table that several measures name is made once. */
export type Make = { readonly table: string; readonly select: Sql };

/** The SQL of one measure. */
export type Plan = {
  readonly makes: readonly Make[];
  /**
   * `person_id`, `verdict` (`yes`, `no`, `unknown`), `basis`: one row for each person of the measure's population.
   * `basis` is the weakest kind of link that a yes needs: `exact` (or none at all), `probable`, `weak`.
   */
  readonly verdicts: Sql;
  /** `name`, `by`, `count`: what stands beside the rates. `verdicts_<name>` stands. */
  readonly coverage: readonly Sql[];
  /** One row, `count`: persons who could be a yes and are linked to no school record. */
  readonly unlinked: Sql;
  /** `person_id`, `amount`: what each person of the population adds to the volume, where the measure has one. */
  readonly amounts?: Sql;
};

/** The outcome, the name of the dimension, the table of bands, and the band of children without access. */
export type Crossing = {
  readonly outcome: string;
  readonly access: string;
  readonly banded: string;
  readonly without: string;
};

/** One measure under one named rule (and one band of it): words as data, and a pure function that makes its SQL. */
export type Measure = {
  readonly measure: string;
  readonly preset: string;
  readonly band?: string;
  /** What its cells are called: `<measure>_<preset>`, and `_<band>`. */
  readonly name: string;
  readonly version: number;
  /** Names the numerator, the denominator and the rule. */
  readonly title: string;
  /** Who is counted. Measures over one population share its denominators. */
  readonly population: string;
  /** The rule behind the name: two measures may share a name only if they share it. */
  readonly populationRule: string;
  readonly source: string;
  /** Where a reader who knows the source would expect something else. */
  readonly caveats: readonly string[];
  readonly use: Use;
  readonly needs: readonly Need[];
  readonly windows: readonly string[];
  readonly onRecord?: Source;
  readonly amount?: Amount;
  /**
   * Measures of one partition add up: in every place the yes of all of them are the children whose answer is known.
   * Whoever publishes one of them with another must protect them together.
   */
  readonly partition?: string;
  /** The table of `person_id`, `band`, `firm`, `basis` that a measure in bands is read from. */
  readonly banded?: string;
  /** The measures that this one is made of; they must be asked for as well. */
  readonly after?: readonly string[];
  /** Cells of an outcome by a band of access. */
  readonly crossing?: Crossing;
  readonly plan: (scope: Scope) => Plan;
};
