import { ident, type Sql, sql, sqlJoin } from '@throughline/engine';
import { countOf } from '../definition/counts.js';
import type { Make, Scope } from '../definition/measure.js';
import type { CountsOf } from '../definition/vocabulary.js';
import { stateOf, tableFor } from './events.js';

type Schools = CountsOf<'schools'>;

export const schoolTable = (rule: Schools): string => tableFor('schools', rule);

/** One row a school that the source names: `yes`, `open` or `no`. */
export const schoolStates = (rule: Schools, scope: Scope): Make => ({
  table: schoolTable(rule),
  select: sql`
    SELECT ${ident(rule.school)} AS school,
      CASE WHEN bool_or(state = 'yes') THEN 'yes' WHEN bool_or(state = 'open') THEN 'open' ELSE 'no' END AS state
    FROM (SELECT *, ${stateOf(rule.events, scope)} AS state FROM (${scope.rows(rule.events.role, rule.events.table)}))
    GROUP BY school`,
});

/**
 * A child counts by the school it belongs to. A code that two school systems use does not say which school is meant,
 * so its children are unknown where the source names it.
 */
export const schoolVerdicts = (rule: Schools, people: string): Sql => sql`
  SELECT person_id, verdict, CASE WHEN verdict = 'yes' THEN 'exact' END AS basis
  FROM (
    SELECT person_id,
      CASE
        WHEN homes.school = 'unknown' THEN 'unknown'
        WHEN state IN ('yes', 'open') AND shared THEN 'unknown'
        WHEN state = 'yes' THEN 'yes'
        WHEN state = 'open' THEN 'unknown'
        ELSE 'no'
      END AS verdict
    FROM ${ident(people)} JOIN homes USING (person_id)
    LEFT JOIN ${ident(schoolTable(rule))} USING (school)
    LEFT JOIN (SELECT school, count(*) > 1 AS shared FROM school_names GROUP BY school) USING (school)
  )`;

/** Schools are public; these counts may be told. */
export const schoolCounts = (rule: Schools): readonly Sql[] => {
  const named = ident(schoolTable(rule));
  const count = (name: string, states: readonly string[]) =>
    countOf(
      name,
      sql`(SELECT DISTINCT school FROM school_names) SEMI JOIN (SELECT school FROM ${named} WHERE state IN (${sqlJoin(states.map((state) => sql`${state}`))})) USING (school)`,
    );
  return [
    countOf('schools', sql`(SELECT DISTINCT school FROM school_names)`),
    count('schools_yes', ['yes']),
    count('schools_unknown', ['open']),
    countOf('schools_named_without_children', sql`${named} ANTI JOIN school_names USING (school)`),
  ];
};
