import { ThroughlineError } from '@throughline/core';
import { type Session, type Sql, sql, sqlJoin } from '@throughline/engine';
import type { TokenTables } from '../admit/admit.js';
import type { SealedDelivery } from '../sealed/slots.js';
import { digestsOfSlots, digestsOfTokens } from './marks.js';

export type Deliveries = {
  readonly deliveries: readonly TokenTables[];
  readonly slots: readonly SealedDelivery[];
};

/** Table `seen`: every record of tonight with a hash of all that was delivered of it. */
export const seenRecords = ({ deliveries, slots }: Deliveries): Sql =>
  sqlJoin(
    deliveries.map((delivery) => {
      const sealed = slots.find(({ of }) => of === delivery.of);
      const ofSlots = sealed === undefined ? NO_DIGESTS : digestsOfSlots(sealed);
      return sql`SELECT record_id, CAST(hash(${delivery.of}::VARCHAR, space, of_tokens.digest, of_slots.digest) >> 1 AS BIGINT) AS seen
        FROM ${delivery.table('records')} LEFT JOIN ${digestsOfTokens(delivery)} AS of_tokens USING (record_id)
        LEFT JOIN ${ofSlots} AS of_slots USING (record_id)`;
    }),
    sql` UNION ALL `,
  );

const NO_DIGESTS = sql`(SELECT NULL::UUID AS record_id, NULL::BIGINT AS digest WHERE false)`;

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
