import { ThroughlineError } from '@throughline/core';
import { type Session, type Sql, sql, sqlJoin } from '@throughline/engine';
import type { TokenTables } from '../admit/admit.js';
import type { SealedDelivery } from '../sealed/slots.js';
import { digestsOfSlots, digestsOfTokens } from './marks.js';

export type Deliveries = {
  readonly deliveries: readonly TokenTables[];
  readonly slots: readonly SealedDelivery[];
};

const UNION_ALL = sql` UNION ALL `;

/** Table `seen`: every record of tonight with a hash of all that was delivered of it. */
export const seenRecords = ({ deliveries, slots }: Deliveries): Sql => {
  const ofTokens = deliveries.map(
    (each) => sql`SELECT record_id, ${each.of} AS partner, digest AS tokens FROM ${digestsOfTokens(each)}`,
  );
  const ofSlots = slots.map(
    (each) => sql`SELECT record_id, ${each.of} AS partner, digest AS slots FROM ${digestsOfSlots(each)}`,
  );
  const none = sql`SELECT NULL::UUID AS record_id, '' AS partner, 0::BIGINT AS slots WHERE false`;
  const listed = deliveries.map(
    (each) => sql`SELECT record_id, ${each.of} AS partner, space FROM ${each.table('records')}`,
  );
  return sql`SELECT record_id, partner, space,
        CAST(hash(partner, space, tokens, slots) >> 1 AS BIGINT) AS seen
      FROM (${sqlJoin(listed, UNION_ALL)})
      LEFT JOIN (${sqlJoin(ofTokens, UNION_ALL)}) USING (record_id, partner)
      LEFT JOIN (${sqlJoin([none, ...ofSlots], UNION_ALL)}) USING (record_id, partner)`;
};

/**
 * Makes table `seen`. @returns how many records there are.
 *
 * @throws ThroughlineError KEY_COLUMN_NOT_UNIQUE where a record id occurs twice.
 */
export async function makeSeen(session: Session, delivered: Deliveries): Promise<number> {
  const made = await session.make('rows', 'seen', seenRecords(delivered));
  const [found = {}] = await session.rows(
    'check rows',
    sql`SELECT count(*) - count(DISTINCT record_id) AS repeated FROM seen`,
  );
  const repeated = Number(found['repeated']);
  if (repeated > 0) throw new ThroughlineError('KEY_COLUMN_NOT_UNIQUE', { repeated });
  return made;
}
