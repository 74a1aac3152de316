import type { Use } from '@throughline/agreement';
import type { PayloadTable } from '@throughline/core';
import type { Sql } from '@throughline/engine';

/** What a partner's records are to a measure; the configuration says which partners are in which role. */
export const roles = ['enrolment', 'afterschool'] as const;
export type Role = (typeof roles)[number];

/** Fields that must be kept by an approved manifest before a row is read. */
export type Need = {
  readonly role: Role;
  readonly table: PayloadTable;
  /** Alternatives: all columns of one of the lists. */
  readonly columns: readonly (readonly string[])[];
  /** `every`: of each partner in the role. `some`: of one at least; the others' children are unknown. */
  readonly from: 'every' | 'some';
};

/** Both dates inclusive. */
export type Period = { readonly from: string; readonly to: string };

/** What a measure may read. The tables `spans`, `population`, `record_people` and `school_records` stand. */
export type Scope = {
  readonly period: Period;
  /** A payload table of all partners in a role: its columns, and `partner`, `partner_rank`. */
  readonly rows: (role: Role, table: PayloadTable | 'attendance' | 'extracts') => Sql;
};

/** The SQL of one measure. */
export type Plan = {
  /** Tables on the way, in order. A table that several measures name is made once. */
  readonly makes: readonly { readonly table: string; readonly select: Sql }[];
  /** `person_id`, `verdict` (`yes`, `no`, `unknown`): one row for each person of the measure's population. */
  readonly verdicts: Sql;
  /** `name`, `by`, `count`: what stands beside the rates. `verdicts_<name>` stands. */
  readonly coverage: readonly Sql[];
};

/** One measure under one named rule: a definition as data, and pure functions that make its SQL. */
export type Measure = {
  readonly measure: string;
  readonly preset: string;
  /** What its cells are called: `<measure>_<preset>`. */
  readonly name: string;
  /** Names the numerator, the denominator and the rule. */
  readonly title: string;
  /** Who is counted. Measures over one population share its denominators. */
  readonly population: string;
  readonly source: string;
  /** Where a reader who knows the source would expect something else. */
  readonly caveats: readonly string[];
  readonly use: Use;
  readonly needs: readonly Need[];
  readonly plan: (scope: Scope) => Plan;
};
