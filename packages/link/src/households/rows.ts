import { type Sql, sql } from '@throughline/engine';
import type { PreviousHouseholds } from './carry.js';

/** Table `members` of the artifact. */
export const memberRows = (): Sql =>
  sql`SELECT person_id, household_id FROM settled_members JOIN issued_homes USING (number)`;

/**
 * Persons who left a household or joined one. With these rows alone, members can be counted up from nothing: nobody is
 * elsewhere tonight without one.
 */
const movedPersons = (): Sql =>
  sql`WITH moved AS (
        SELECT person_id, earlier.number AS was, tonight.number AS now
        FROM earlier_members AS earlier FULL JOIN settled_members AS tonight USING (person_id)
        WHERE earlier.number IS DISTINCT FROM tonight.number
      )
      SELECT 1 AS kind, was AS number, 'left' AS change,
        CASE WHEN now IS NOT NULL THEN 'moved'
          WHEN person_id IN (SELECT person_id FROM residents) THEN 'alone'
          WHEN person_id IN (SELECT person_id FROM gone) THEN 'withdrawn'
          ELSE 'person-ended' END AS reason,
        person_id, now AS other
      FROM moved WHERE was IS NOT NULL
      UNION ALL
      SELECT 2 AS kind, now AS number, 'joined' AS change, if(was IS NULL, 'first-seen', 'moved') AS reason, person_id, was AS other
      FROM moved WHERE now IS NOT NULL`;

/** Table `history` of the artifact: what was, then what has happened tonight, to households first. */
export const homeHistoryRows = (): Sql =>
  sql`SELECT sequence, household_id, change, reason, person_id, other_household_id FROM home_history
      UNION ALL
      SELECT (SELECT coalesce(max(sequence), 0) FROM home_history)
          + row_number() OVER (ORDER BY kind, place, number, person_id) AS sequence,
        one.household_id, change, reason, person_id, other.household_id AS other_household_id
      FROM (
        SELECT 0 AS kind, place, number, change, reason, NULL::UUID AS person_id, other FROM home_changes
        UNION ALL SELECT kind, 0 AS place, number, change, reason, person_id, other FROM (${movedPersons()})
      ) JOIN issued_homes one USING (number) LEFT JOIN issued_homes other ON other.number = other`;

/** Table `counter` of the artifact. */
export const homeCounterRow = (issued: number): Sql => sql`SELECT ${issued}::BIGINT AS issued`;

/** Table `tombstones` of the artifact: of a family that comes back the person is a new one, and the tombstone goes. */
export const homeTombstoneRows = (previous: PreviousHouseholds): Sql => {
  const was = sql`SELECT person_id, household_id FROM earlier_members JOIN issued_homes USING (number)`;
  const all =
    previous === undefined
      ? was
      : sql`${was} UNION SELECT person_id, household_id FROM ${previous.table('tombstones')}`;
  return sql`SELECT person_id, household_id FROM (${all}) SEMI JOIN gone USING (person_id)`;
};

/** Table `standing` of the artifact; a person whose every token is a crowd's is in a crowd. */
export const standingRows = (): Sql =>
  sql`SELECT standing, count(*) AS persons FROM (
        SELECT CASE WHEN placed.place IS NOT NULL THEN 'household' WHEN crowds.place IS NOT NULL OR clear = 0 THEN 'crowd'
          WHEN clear > 0 THEN 'alone' ELSE 'unknown' END AS standing
        FROM residents LEFT JOIN placed USING (place) LEFT JOIN crowds USING (place)
        LEFT JOIN (
          SELECT place, count(*) FILTER (clear) AS clear FROM homes JOIN home_tokens USING (rule, token) GROUP BY place
        ) USING (place)
      ) GROUP BY standing`;
