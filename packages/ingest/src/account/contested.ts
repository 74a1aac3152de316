import { ident, type Session, type Sql, sql, sqlJoin } from '@throughline/engine';
import { soundRows } from '../identify/identity.js';
import { carriesIdentifiers, type Space } from '../identify/spaces.js';
import type { PlannedExtract } from '../plan/plan.js';

/**
 * Finds the records of a space that an extract with one row each has several sound rows of. Two children may be under
 * one key, and nobody knows which of them the record is.
 *
 * @returns their number.
 */
export const makeContested = (session: Session, { name, extracts, tables }: Space): Promise<number> =>
  session.make(
    `records of ${name}`,
    tables.contested,
    sqlJoin(
      [
        sql`SELECT NULL::UUID AS record_id, NULL::VARCHAR AS extract, NULL::BOOLEAN AS everywhere WHERE false`,
        ...extracts.filter(({ manifest }) => manifest.records?.one_row_each).map(contestedIn),
      ],
      sql` UNION ALL `,
    ),
  );

/** Where the rows carry identifiers, it is open who the record is; elsewhere only what this extract says of it. */
const contestedIn = (extract: PlannedExtract): Sql => sql`
  SELECT record_id, ${extract.name}::VARCHAR, ${carriesIdentifiers(extract)}::BOOLEAN
  FROM (${soundRows(extract)}) GROUP BY record_id HAVING count(*) > 1`;

/** Why rows of an extract are quarantined, by record: `record_id` and `reason`. */
export const contestedFor = ({ name }: PlannedExtract, { tables }: Space): Sql => sql`
  SELECT record_id, CASE WHEN bool_or(extract = ${name}) THEN 'repeated_key' ELSE 'contested_record' END AS reason
  FROM ${ident(tables.contested)} WHERE extract = ${name} OR everywhere GROUP BY record_id`;
