import { ident, type Sql, sql, sqlJoin } from '@throughline/engine';
import type { TokenTables } from '../admit/admit.js';
import type { Pass } from '../passes/passes.js';
import { tokensOfRule } from './records.js';

/*
 * Which records agree on a token, pass by pass. A token is `telling` where no source holds it more often than one
 * person could: otherwise it stands for several children somewhere (twins, namesakes, a family's phone), so it
 * names nobody anywhere. Tokens that are not telling never enter a join: one that 10,000 records share costs 10,000
 * rows, not 10^8 pairs.
 */

/** The name of a pass's own table. */
export const tableOf = (kind: 'shared' | 'pairs', pass: Pass): Sql => ident(`${kind}_${pass.position}`);
export const nameOf = (kind: 'shared' | 'pairs', pass: Pass): string => `${kind}_${pass.position}`;

/** Table `shared_N`: the tokens of a pass that two or more records hold, and whether each is telling. */
export const sharedTokens = (deliveries: readonly TokenTables[], pass: Pass): Sql =>
  sql`WITH held AS (${tokensOfRule(deliveries, pass.name)}),
        of_source AS (SELECT token, source, any_value(capacity) AS capacity, count(*) AS holders FROM held GROUP BY token, source),
        shared AS (SELECT token, bool_and(holders <= capacity) AS telling FROM of_source GROUP BY token HAVING sum(holders) > 1)
      SELECT token, record, source, capacity, telling FROM held JOIN shared USING (token)`;

/** Table `pairs_N`: every two records that agree on a telling token of a pass. */
export const agreeingPairs = (pass: Pass): Sql =>
  sql`SELECT DISTINCT one.record AS a, other.record AS b
      FROM ${tableOf('shared', pass)} one JOIN ${tableOf('shared', pass)} other
        ON one.token = other.token AND one.record < other.record
      WHERE one.telling AND other.telling`;

/** Table `evidence`: every pair of records that some pass found, with the bits of all passes that agree. */
export const evidence = (passes: readonly Pass[]): Sql =>
  sql`SELECT a, b, bit_or(bit) AS agreeing FROM (${sqlJoin(
    passes.map((pass) => sql`SELECT a, b, ${pass.bit}::INTEGER AS bit FROM ${tableOf('pairs', pass)}`),
    sql` UNION ALL `,
  )}) GROUP BY a, b`;

/** The lowest bit of some bits: the strongest of the passes they stand for. */
export const strongest = (bits: Sql): Sql => sql`((${bits}) & -(${bits}))`;

/**
 * By component, how many pairs of records that could be one person agree on tokens of a pass that are not telling,
 * counted without listing them. Of a duplicate-free source a person has one record, so two of its own are no such pair.
 */
export const untoldPairs = (pass: Pass): Sql =>
  sql`SELECT component, CAST(sum(holders * (holders - 1) // 2 - impossible) AS BIGINT) AS untold
      FROM (
        SELECT token, any_value(component) AS component, sum(of_source) AS holders,
          sum(CASE WHEN capacity = 1 THEN of_source * (of_source - 1) // 2 ELSE 0 END) AS impossible
        FROM (
          SELECT token, source, any_value(capacity) AS capacity, any_value(person) AS component, count(*) AS of_source
          FROM ${tableOf('shared', pass)} JOIN components USING (record) WHERE NOT telling GROUP BY token, source
        ) GROUP BY token
      ) GROUP BY component`;
