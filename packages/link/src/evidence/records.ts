import { ThroughlineError } from '@throughline/core';
import { type Session, type Sql, sql, sqlJoin } from '@throughline/engine';
import { MOST_DUPLICATES } from '@throughline/model';
import type { TokenTables } from '../admit/admit.js';

const everyDelivery = (deliveries: readonly TokenTables[], select: (delivery: TokenTables) => Sql): Sql =>
  sqlJoin(deliveries.map(select), sql` UNION ALL `);

/** Table `sources`: a partner's records of one kind, and how many of them a person can have. */
export const sources = (deliveries: readonly TokenTables[]): Sql =>
  sql`SELECT CAST(row_number() OVER (ORDER BY partner, space) - 1 AS INTEGER) AS source, partner, space,
        CASE WHEN duplicate_free THEN 1 ELSE ${MOST_DUPLICATES} END::INTEGER AS capacity
      FROM (${everyDelivery(
        deliveries,
        (delivery) =>
          sql`SELECT ${delivery.of} AS partner, space, duplicate_free FROM ${delivery.table('spaces')}`,
      )})`;

/** The partner of each source, and its name: the partner and the kind of record. */
export const sourceNames = async (
  session: Session,
): Promise<{ readonly partner: string; readonly name: string }[]> =>
  (await session.rows('sources', sql`SELECT partner, space FROM sources ORDER BY source`)).map((row) => ({
    partner: String(row['partner']),
    name: `${row['partner']}/${row['space']}`,
  }));

/**
 * Table `records`: every record with a number, in the order of the record ids, which are pseudo-random: neither the
 * order of partners nor of rows, nor anything about a child, shows in it.
 */
export const records = (deliveries: readonly TokenTables[]): Sql =>
  sql`SELECT CAST(row_number() OVER (ORDER BY record_id) - 1 AS INTEGER) AS record, record_id, source, capacity, partner, space
      FROM (${everyDelivery(
        deliveries,
        (delivery) =>
          sql`SELECT record_id, ${delivery.of} AS partner, space FROM ${delivery.table('records')}`,
      )}) JOIN sources USING (partner, space)`;

/** The tokens of one rule: `record`, `source`, `capacity`, `token`. A partner's tokens count for its own records only. */
export const tokensOfRule = (deliveries: readonly TokenTables[], rule: string): Sql =>
  sql`SELECT DISTINCT record, source, capacity, token
      FROM (${everyDelivery(
        deliveries,
        (delivery) =>
          sql`SELECT ${delivery.of} AS partner, record_id, token FROM ${delivery.table('tokens')} WHERE rule = ${rule}`,
      )}) JOIN records USING (partner, record_id)`;

/**
 * @throws ThroughlineError KEY_COLUMN_NOT_UNIQUE where a record id occurs twice.
 */
export async function requireUniqueRecords(session: Session): Promise<void> {
  const [found = {}] = await session.rows(
    'check records',
    sql`SELECT count(*) - count(DISTINCT record_id) AS repeated FROM records`,
  );
  const repeated = Number(found['repeated']);
  if (repeated > 0) throw new ThroughlineError('KEY_COLUMN_NOT_UNIQUE', { repeated });
}
