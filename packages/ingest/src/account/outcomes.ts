import { ident, type Session, type Sql, sql } from '@throughline/engine';
import type { Space } from '../identify/spaces.js';
import type { PlannedExtract } from '../plan/plan.js';

/**
 * What becomes of each row: `kept`, `rejected` (it cannot be used) or `excluded` (it must not be), and why.
 *
 * @param space of the records that the rows are about; undefined where they are about none.
 * @returns the number of rows.
 */
export const makeOutcomes = (
  session: Session,
  extract: PlannedExtract,
  space: Space | undefined,
): Promise<number> => {
  const verdicts = space === undefined ? verdictsOnRows(extract) : verdictsOnRecords(extract, space);
  return session.make(
    `account for ${extract.name}`,
    extract.tables.outcomes,
    sql`SELECT line, record_id,
      CASE WHEN excluded IS NOT NULL THEN 'excluded' WHEN rejected IS NOT NULL THEN 'rejected' ELSE 'kept' END AS outcome,
      coalesce(excluded, rejected, 'kept') AS reason
    FROM (${verdicts})`,
  );
};

const verdictsOnRows = ({ tables }: PlannedExtract): Sql => sql`
  SELECT line, NULL::UUID AS record_id, left_out AS excluded, fault AS rejected FROM ${ident(tables.values)}`;

/** An opt-out list leaves out the rows of others, not its own. */
const verdictsOnRecords = ({ tables, manifest }: PlannedExtract, space: Space): Sql => sql`
  SELECT read.line, records.record_id,
    ${manifest.opt_out_list ? sql`read.left_out` : sql`coalesce(away.reason, read.left_out)`} AS excluded,
    CASE
      WHEN records.record_id IS NULL THEN 'missing_key'
      WHEN read.fault IS NOT NULL THEN read.fault
      WHEN listed.record_id IS NULL THEN 'unknown_record'
    END AS rejected
  FROM ${ident(tables.values)} AS read
  JOIN ${ident(tables.records)} AS records ON records.line = read.line
  LEFT JOIN ${ident(space.tables.left_out)} AS away ON away.record_id = records.record_id
  LEFT JOIN (SELECT DISTINCT record_id FROM ${ident(space.tables.spellings)}) AS listed
    ON listed.record_id = records.record_id`;

/** The rows of an extract that are kept: their values and the record's id. */
export const keptRows = ({ tables }: PlannedExtract): Sql =>
  sql`SELECT outcomes.record_id, read.* FROM ${ident(tables.values)} AS read
    JOIN ${ident(tables.outcomes)} AS outcomes ON outcomes.line = read.line AND outcomes.outcome = 'kept'`;
