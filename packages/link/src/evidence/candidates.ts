import { type Sql, sql, sqlJoin } from '@throughline/engine';
import type { Delivery } from '../admit/admit.js';
import type { Pass } from '../passes/passes.js';
import { strongest, tableOf } from './agreement.js';
import { tokensOfRule } from './records.js';

/*
 * What the probable passes say about the persons that the exact passes made. A token is clear where no source holds
 * it for more persons than could be one child. A source that may have duplicates can hold a child's whole first name
 * twice, spelled one way and another; what near-twins' names may share must be one person's there as well.
 */

/** Who holds the shared tokens of a pass: `token`, `source`, `capacity`, `person`. */
const holders = (pass: Pass): Sql =>
  sql`SELECT DISTINCT token, source, capacity, person
      FROM ${tableOf('shared', pass)} JOIN exact_persons USING (record) WHERE telling`;

const clearTokens = (pass: Pass): Sql => {
  const most = pass.firstName === 'whole' ? sql`capacity` : sql`1`;
  return sql`SELECT token FROM (
        SELECT token, capacity, count(*) AS persons, min(person) AS least, max(person) AS largest
        FROM (${holders(pass)}) GROUP BY token, source, capacity
      ) GROUP BY token HAVING bool_and(persons <= ${most}) AND min(least) < max(largest)`;
};

const clearPairs = (pass: Pass): Sql =>
  sql`SELECT one.record AS a, other.record AS b, ${pass.bit}::INTEGER AS bit
      FROM ${tableOf('shared', pass)} one
      JOIN (${clearTokens(pass)}) clear USING (token)
      JOIN ${tableOf('shared', pass)} other ON one.token = other.token AND one.record < other.record`;

const nobody = sql`SELECT 0 AS a, 0 AS b, 0 AS bit WHERE false`;

/** Table `candidates`: pairs of records of two persons, with the bits of the probable passes that clearly agree. */
export const candidates = (passes: readonly Pass[]): Sql => {
  const probable = passes.filter(({ basis }) => basis === 'probable');
  return sql`SELECT a, b, least(one.person, other.person) AS x, greatest(one.person, other.person) AS y, bit_or(bit) AS deciding
      FROM (${sqlJoin([nobody, ...probable.map(clearPairs)], sql` UNION ALL `)})
      JOIN exact_persons one ON one.record = a JOIN exact_persons other ON other.record = b
      WHERE one.person <> other.person GROUP BY a, b, one.person, other.person`;
};

/**
 * Pairs of persons, the strongest first: by pass, then by how many passes agree, then by person; with the bits of
 * all passes that agree.
 */
export const proposals = (): Sql =>
  sql`SELECT x, y, bit_or(agreeing) AS agreeing FROM candidates JOIN evidence USING (a, b) GROUP BY x, y
      ORDER BY ${strongest(sql`bit_or(deciding)`)}, bit_count(bit_or(agreeing)) DESC, x, y`;

/**
 * Persons that have a look-alike: they hold a token with the birth date, and without the whole first name, that two
 * persons of some one source hold. Whether those two are twins or strangers, one of them absent elsewhere must not
 * draw the other's records to itself.
 */
export const lookalikes = (passes: readonly Pass[]): Sql => {
  const marking = passes.filter(({ marksLookalikes }) => marksLookalikes);
  const marked = (pass: Pass): Sql => {
    const held = sql`SELECT DISTINCT token, source, person FROM ${tableOf('shared', pass)} JOIN exact_persons USING (record)`;
    return sql`SELECT person FROM (${held}) WHERE token IN (
          SELECT token FROM (${held}) GROUP BY token, source HAVING count(*) > 1)`;
  };
  return sql`SELECT DISTINCT person FROM (${sqlJoin([sql`SELECT 0 AS person WHERE false`, ...marking.map(marked)], sql` UNION ALL `)}) ORDER BY person`;
};

/** Persons that hold a number, with the bits of the passes of the numbers that they hold. */
export const numberedPersons = (deliveries: readonly Delivery[], passes: readonly Pass[]): Sql => {
  const numbered = passes.filter(({ number }) => number !== undefined);
  const holding = (pass: Pass): Sql =>
    sql`SELECT person, ${pass.bit}::INTEGER AS bit FROM (${tokensOfRule(deliveries, pass.name)}) JOIN exact_persons USING (record)`;
  const none = sql`SELECT 0 AS person, 0 AS bit WHERE false`;
  return sql`SELECT person, bit_or(bit)::INTEGER AS bits FROM (${sqlJoin([none, ...numbered.map(holding)], sql` UNION ALL `)}) GROUP BY person ORDER BY person`;
};
