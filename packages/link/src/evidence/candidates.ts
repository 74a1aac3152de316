import { ident, type Sql, sql, sqlJoin } from '@throughline/engine';
import type { TokenTables } from '../admit/admit.js';
import type { Pass } from '../passes/passes.js';
import { strongest, tableOf } from './agreement.js';
import { tokensOfRule } from './records.js';

/*
 * What the probable passes say about the persons that the exact passes made. A token is clear where no source holds
 * it for more persons than could be one child. A source that may have duplicates can hold a child's whole first name
 * twice, spelled one way and another; what near-twins' names may share must be one person's there as well.
 */

const heldTable = (pass: Pass): Sql => ident(heldName(pass));
export const heldName = (pass: Pass): string => `held_${pass.position}`;

/**
 * Table `held_N`: who holds those tokens of a pass that two persons or more hold, few beside all tokens; and whether
 * each is clear.
 */
export const heldTokens = (pass: Pass): Sql =>
  sql`WITH everybody AS (SELECT * FROM ${tableOf('shared', pass)} JOIN exact_persons USING (record)),
        spread AS (SELECT token FROM everybody GROUP BY token HAVING min(person) < max(person)),
        held AS MATERIALIZED (SELECT * FROM everybody SEMI JOIN spread USING (token)),
        of_source AS (
          SELECT token, capacity, bool_and(telling) AS telling, count(DISTINCT person) AS persons
          FROM held GROUP BY token, source, capacity
        ),
        judged AS (
          SELECT token, bool_and(telling AND persons <= ${pass.firstName === 'whole' ? sql`capacity` : sql`1`}) AS clear
          FROM of_source GROUP BY token
        )
      SELECT token, record, person, source, telling, clear FROM held JOIN judged USING (token)`;

const nobody = sql`SELECT 0 AS a, 0 AS b, 0 AS x, 0 AS y, 0 AS bit WHERE false`;

const clearPairs = (pass: Pass): Sql =>
  sql`SELECT one.record AS a, other.record AS b, least(one.person, other.person) AS x,
        greatest(one.person, other.person) AS y, ${pass.bit}::INTEGER AS bit
      FROM (SELECT * FROM ${heldTable(pass)} WHERE clear) one JOIN (SELECT * FROM ${heldTable(pass)} WHERE clear) other
        ON one.token = other.token AND one.record < other.record AND one.person <> other.person`;

/** Table `candidates`: pairs of records of two persons, with the bits of the probable passes that clearly agree. */
export const candidates = (probable: readonly Pass[]): Sql =>
  sql`SELECT a, b, x, y, bit_or(bit) AS deciding
      FROM (${sqlJoin([nobody, ...probable.map(clearPairs)], sql` UNION ALL `)}) GROUP BY a, b, x, y`;

/** Pairs of two persons' records that agree on a telling token of a probable pass, but on no clear one. */
export const unclearPairs = (pass: Pass): Sql =>
  sql`SELECT a, b FROM (
        SELECT DISTINCT one.record AS a, other.record AS b
        FROM (SELECT * FROM ${heldTable(pass)} WHERE telling AND NOT clear) one
        JOIN (SELECT * FROM ${heldTable(pass)} WHERE telling AND NOT clear) other
          ON one.token = other.token AND one.record < other.record AND one.person <> other.person
      ) LEFT JOIN candidates USING (a, b) WHERE coalesce(deciding & ${pass.bit}::INTEGER, 0) = 0`;

/**
 * Table `doubtful`: pairs of candidates that also agree on an unclear token with the whole first name. Somebody else
 * agrees on it too, so that what singled out one of them elsewhere may be chance. The first join is materialised,
 * lest the planner begin with the other one, in which an unclear token could meet itself 10^8 times.
 */
export const doubtful = (probable: readonly Pass[]): Sql => {
  const whole = probable.filter(({ firstName }) => firstName === 'whole');
  const unclear = (pass: Pass): Sql =>
    sql`SELECT token, person, ${pass.bit}::INTEGER AS bit FROM ${heldTable(pass)} WHERE NOT clear`;
  const none = sql`SELECT NULL::UUID AS token, 0 AS person, 0 AS bit WHERE false`;
  return sql`WITH unclear AS MATERIALIZED (${sqlJoin([none, ...whole.map(unclear)], sql` UNION ALL `)}),
        one AS MATERIALIZED (
          SELECT DISTINCT x, y, token, bit FROM (SELECT DISTINCT x, y FROM candidates) JOIN unclear ON person = x
        )
      SELECT DISTINCT x, y FROM one JOIN unclear other ON other.person = y AND other.token = one.token AND other.bit = one.bit`;
};

/**
 * Pairs of persons, the strongest first: by pass, then by how many passes agree, then by person; with the bits of
 * all passes that agree, and whether the pair is doubtful.
 */
export const proposals = (): Sql =>
  sql`SELECT x, y, agreeing, CAST(doubtful.x IS NOT NULL AS INTEGER) FROM (
        SELECT x, y, bit_or(deciding) AS deciding, bit_or(agreeing) AS agreeing
        FROM candidates JOIN evidence USING (a, b) GROUP BY x, y
      ) LEFT JOIN doubtful USING (x, y)
      ORDER BY ${strongest(sql`deciding`)}, bit_count(agreeing) DESC, x, y`;

/**
 * Persons that have a look-alike: they hold a token with the birth date, and without the whole first name, that two
 * persons of some one source hold. Whether those two are twins or strangers, one of them absent elsewhere must not
 * draw the other's records to itself.
 */
export const lookalikes = (passes: readonly Pass[]): Sql => {
  const marked = (pass: Pass): Sql =>
    sql`SELECT person FROM ${heldTable(pass)} WHERE token IN (
          SELECT token FROM ${heldTable(pass)} GROUP BY token, source HAVING min(person) < max(person))`;
  const marking = passes.filter(({ marksLookalikes }) => marksLookalikes);
  const none = sql`SELECT 0 AS person WHERE false`;
  return sql`SELECT DISTINCT person FROM (${sqlJoin([none, ...marking.map(marked)], sql` UNION ALL `)}) ORDER BY person`;
};

/** Persons that hold a number, with the bits of the passes of the numbers that they hold. */
export const numberedPersons = (deliveries: readonly TokenTables[], passes: readonly Pass[]): Sql => {
  const numbered = passes.filter(({ number }) => number !== undefined);
  const holding = (pass: Pass): Sql =>
    sql`SELECT person, ${pass.bit}::INTEGER AS bit FROM (${tokensOfRule(deliveries, pass.name)}) JOIN exact_persons USING (record)`;
  const none = sql`SELECT 0 AS person, 0 AS bit WHERE false`;
  return sql`SELECT person, bit_or(bit)::INTEGER AS bits FROM (${sqlJoin([none, ...numbered.map(holding)], sql` UNION ALL `)}) GROUP BY person ORDER BY person`;
};
