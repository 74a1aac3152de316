import { ident, type Sql, sql, sqlJoin } from '@throughline/engine';
import type { Make, Need, Scope } from '../definition/measure.js';
import type { PopulationRule } from '../definition/vocabulary.js';
import { eventMake, eventTable, needOf, tableFor, windowsOf } from './events.js';

/** Who is counted: a table of `person_id`, and what it needs. */
export type People = {
  readonly table: string;
  readonly makes: readonly Make[];
};

const inGrades = (grades: readonly string[]): Sql =>
  sql`grade IN (${sqlJoin(grades.map((grade) => sql`${grade}`))})`;

/** Children of whom it is open whether they belong are not counted, and stand in the coverage. */
export function peopleOf(rule: PopulationRule, scope: Scope): People {
  const table = tableFor('people', rule);
  const having = rule.having === undefined ? [] : [eventMake(rule.having, scope)];
  return { table, makes: [...having, { table, select: membersOf(rule) }] };
}

function membersOf({ who, grades, having }: PopulationRule): Sql {
  const conditions = [
    ...(who === 'enrolled_on_snapshot' ? [sql`enrolled_on_snapshot`] : []),
    ...(who === 'enrolled_in_period' ? [sql`enrolled_in_period`] : []),
    ...(grades === undefined ? [] : [inGrades(grades)]),
    ...(having === undefined ? [] : [sql`person_id IN (${personsWith(having, sql`state = 'yes'`)})`]),
  ];
  return sql`SELECT person_id FROM population WHERE ${sqlJoin([sql`true`, ...conditions], sql` AND `)}`;
}

const personsWith = (having: NonNullable<PopulationRule['having']>, state: Sql): Sql =>
  sql`SELECT person_id FROM ${ident(eventTable(having))} WHERE NOT left_out AND ${state}`;

/** Coverage: persons who might belong, were something known that is not. */
export function maybeMembers({ having, ...rule }: PopulationRule): Sql {
  if (having === undefined) return sql`(SELECT 1 WHERE false)`;
  return sql`(
    (${membersOf(rule)}) INTERSECT (${personsWith(having, sql`state = 'open'`)})
    EXCEPT (${personsWith(having, sql`state = 'yes'`)})
  )`;
}

export const populationNeeds = ({ having }: PopulationRule): readonly Need[] =>
  having === undefined ? [] : [needOf(having)];

export const populationWindows = ({ having }: PopulationRule): readonly string[] =>
  having === undefined ? [] : windowsOf(having);
