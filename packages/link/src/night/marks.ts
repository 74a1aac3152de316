import { type Sql, sql, sqlJoin } from '@throughline/engine';
import { hasTable, type TokenTables } from '../admit/admit.js';
import { bytesAt, type SealedDelivery, type SealedFiles } from '../sealed/slots.js';

/*
 * By what the records of a delivery are known from one night to the next: hashes, so that nobody has to read all that was
 * delivered to find what has changed. They are made when a delivery is received, or else here. What is hashed is kept
 * under the linkage unit's own key, so that nobody who delivers can choose it. Another version of the database may hash
 * otherwise: then a record counts as changed that is not.
 */

/** Of each record all its tokens, in any order. */
export const tokenDigests = (tokens: Sql): Sql =>
  sql`SELECT record_id, CAST(sum(hash(rule, token)) % 9223372036854775808 AS BIGINT) AS digest FROM ${tokens} GROUP BY record_id`;

/** Of each record its row of slots. */
export const slotDigests = (slots: Sql): Sql =>
  sql`SELECT record_id, CAST(hash(slots) >> 1 AS BIGINT) AS digest FROM ${slots}`;

type PassStart = SealedFiles['passes'][number];

/**
 * Every token of a slot as a number: its first eight bytes, as they are kept under the key of its pass, so that those of two
 * passes have nothing in common. One number that two tokens share only asks too much. Deliveries are compared by it that
 * were received in different years: unlike `hash`, it is the same under every version of the database.
 */
export const slotTokens = (slots: Sql, passes: readonly Pick<PassStart, 'starts'>[]): Sql => {
  const tokens = passes.map(
    ({ starts }) => sql`CAST(CAST(${bytesAt(sql`slots`, starts, 8)} AS BIT) AS BIGINT)`,
  );
  return sql`SELECT record_id, unnest([${sqlJoin(tokens)}]) AS token FROM ${slots}`;
};

export const digestsOfTokens = (delivery: TokenTables): Sql =>
  hasTable(delivery, 'digests')
    ? delivery.table('digests')
    : sql`(${tokenDigests(delivery.table('tokens'))})`;

export const digestsOfSlots = (delivery: SealedDelivery): Sql =>
  hasTable(delivery, 'digests') ? delivery.table('digests') : sql`(${slotDigests(delivery.table('slots'))})`;

export const tokensOfSlots = (delivery: SealedDelivery, passes: SealedFiles['passes']): Sql =>
  hasTable(delivery, 'tokens')
    ? delivery.table('tokens')
    : sql`(${slotTokens(delivery.table('slots'), passes)})`;
