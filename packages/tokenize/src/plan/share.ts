import { type Sql, sql } from '@throughline/engine';

/**
 * Table `halves`: every person in one of two halves, by the last digit of the id of its first record, which is as
 * good as a coin.
 */
export const personsHalved = (): Sql =>
  sql`SELECT DISTINCT person, substr(CAST(record_id AS VARCHAR), 36, 1) < '8' AS first_half
      FROM persons JOIN numbered ON numbered.record = persons.person`;

/** Table `value_persons`: how many persons have a value of a pass, in all and in each half. */
export const valuePersons = (passes: number): Sql =>
  sql`SELECT pass, high, low, count(*) AS persons, count(*) FILTER (first_half) AS first, count(*) FILTER (NOT first_half) AS second
      FROM (SELECT DISTINCT pass, high, low, person FROM pass_values JOIN persons USING (record) WHERE pass < ${passes}::INTEGER)
      JOIN halves USING (person) GROUP BY pass, high, low`;

/**
 * For each pass the share of its values that are unique; and the half-split estimate: taking one half for one
 * partner's file and the other for another's, with how many persons of the other a person would be met, for each
 * person that the other has. All who meet there are different persons.
 */
export const passShares = (): Sql =>
  sql`WITH half AS (SELECT count(*) FILTER (NOT first_half) AS others FROM halves)
      SELECT name AS pass, round(count(*) FILTER (persons = 1) / count(*), 4) AS unique_share,
        coalesce(round(count(*) FILTER (first = 1 AND second = 1) / nullif(sum(first), 0) / nullif(any_value(others), 0), 9), 0) AS meeting_rate
      FROM value_persons JOIN passes USING (pass), half GROUP BY name`;

/** No pass at all: what is told of a small file. */
export const noShares = (): Sql =>
  sql`SELECT '' AS pass, 0::DOUBLE AS unique_share, 0::DOUBLE AS meeting_rate WHERE false`;

/** To the hundred: a plan is no head count. */
export const personsRounded = (): Sql =>
  sql`SELECT CAST(round(count(*) / 100) * 100 AS BIGINT) AS persons FROM halves`;

/** The same of a number of records, which are no fewer than persons. */
export const sizeRounded = (records: number): Sql =>
  sql`SELECT CAST(round(${records}::BIGINT / 100) * 100 AS BIGINT) AS persons`;
