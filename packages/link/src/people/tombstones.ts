import { type Session, type Sql, sql, sqlJoin } from '@throughline/engine';
import type { TokenTables } from '../admit/admit.js';
import type { PreviousPeople } from './previous.js';

/** Makes table `withdrawn`: the records that their owners say are withdrawn. */
export const makeWithdrawn = (session: Session, deliveries: readonly TokenTables[]): Promise<number> =>
  session.make('withdrawn', 'withdrawn', withdrawn(deliveries));

/**
 * Makes table `tombstones`: of the records that are `withdrawn`, those that the index has known, each
 * with the last person that it had. A record that was never here leaves no trace; one whose family has come back
 * has no tombstone any more and is a new record.
 *
 * @returns the number of tombstones.
 */
export const makeTombstones = (session: Session, previous: PreviousPeople): Promise<number> =>
  session.make(
    'tombstones',
    'tombstones',
    sql`SELECT record_id, space, effective, partner, person_id
      FROM withdrawn JOIN (${knownPersons(previous)}) USING (record_id, partner)`,
  );

const withdrawn = (deliveries: readonly TokenTables[]): Sql =>
  sqlJoin(
    deliveries.map(
      (delivery) =>
        sql`SELECT record_id, space, effective, ${delivery.of} AS partner FROM ${delivery.table('withdrawn')}`,
    ),
    sql` UNION ALL `,
  );

const knownPersons = (previous: PreviousPeople): Sql =>
  previous === undefined
    ? sql`SELECT NULL::UUID AS record_id, NULL::VARCHAR AS partner, NULL::UUID AS person_id WHERE false`
    : sql`SELECT record_id, partner, person_id FROM ${previous.table('people')}
        UNION ALL SELECT record_id, partner, person_id FROM ${previous.table('tombstones')}`;

/** Table `tombstones` of the artifact. */
export const tombstoneRows = (): Sql => sql`SELECT * FROM tombstones`;
