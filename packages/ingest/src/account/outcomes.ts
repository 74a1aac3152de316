import type { ManifestField } from '@throughline/agreement';
import { ident, type Session, type Sql, sql, sqlEnum, sqlJoin } from '@throughline/engine';
import type { Space } from '../identify/spaces.js';
import { textColumn, thereOnly, valueColumn } from '../load/values.js';
import { namedRows } from '../name/record-ids.js';
import type { PlannedExtract } from '../plan/plan.js';
import { contestedFor } from './contested.js';

export const outcomes = ['kept', 'rejected', 'excluded', 'quarantined'] as const;
export type Outcome = (typeof outcomes)[number];

/**
 * What becomes of each row: `kept`, `rejected` (it cannot be used), `quarantined` (it cannot be trusted, as one of two
 * children under one key) or `excluded` (it must not be used), and why.
 *
 * @param space of the records that the rows are about; undefined where they are about none.
 * @returns the number of rows.
 */
export async function makeOutcomes(
  session: Session,
  extract: PlannedExtract,
  space: Space | undefined,
): Promise<number> {
  const step = `account for ${extract.name}`;
  const verdicts = space === undefined ? verdictsOnRows(extract) : verdictsOnRecords(extract, space);
  const rows = await session.make(
    step,
    extract.tables.outcomes,
    sql`SELECT line, record_id, ${sqlJoin([
      ...extract.layout.fields.flatMap(narrowed),
      sql`
      CASE WHEN excluded IS NOT NULL THEN ${outcome('excluded')} WHEN rejected IS NOT NULL THEN ${outcome('rejected')}
        WHEN quarantined IS NOT NULL THEN ${outcome('quarantined')} ELSE ${outcome('kept')} END AS outcome`,
    ])},
      coalesce(excluded, rejected, quarantined, 'kept') AS reason
    FROM (${verdicts})`,
  );
  // Nothing asks for the rows without their outcome any more, and they take up as much memory again.
  await session.run(step, sql`DROP TABLE ${ident(extract.tables.values)}`);
  return rows;
}

const outcome = (word: Outcome): Sql => sql`${word}::${sqlEnum(outcomes)}`;

/** Of a text only whether it is there. */
const narrowed = (_: ManifestField, index: number): Sql[] => [
  thereOnly(textColumn(index)),
  valueColumn(index),
];

/** Rows about no records, or whose records nobody has named: of those a key that is missing shows all the same. */
function verdictsOnRows({ tables, layout, manifest }: PlannedExtract): Sql {
  const keys = (manifest.records?.key ?? []).map((name) =>
    layout.fields.findIndex((field) => field.name === name),
  );
  const missing = keys.map((place) => sql`${textColumn(place)} IS NULL`);
  const rejected =
    missing.length === 0
      ? sql`fault`
      : sql`CASE WHEN ${sqlJoin(missing, sql` OR `)} THEN 'missing_key' ELSE fault END`;
  return sql`SELECT *, NULL::UUID AS record_id, left_out AS excluded, ${rejected} AS rejected, NULL::VARCHAR AS quarantined
    FROM ${ident(tables.values)}`;
}

/** An opt-out list leaves out the rows of others, not its own. */
const verdictsOnRecords = (extract: PlannedExtract, space: Space): Sql => sql`
  SELECT *,
    ${extract.manifest.opt_out_list ? sql`left_out` : sql`coalesce(away, left_out)`} AS excluded,
    CASE
      WHEN record_id IS NULL THEN 'missing_key'
      WHEN fault IS NOT NULL THEN fault
      WHEN listed IS NULL THEN 'unknown_record'
    END AS rejected
  FROM (${namedRows(extract, judgedRecords(extract, space))})`;

/** Records are judged one by one, before their many rows are joined to them. */
const judgedRecords = (extract: PlannedExtract, space: Space): Sql => sql`(
  SELECT records.*, away.reason AS away, listed.record_id AS listed, contested.reason AS quarantined
  FROM ${ident(extract.tables.records)} AS records
  LEFT JOIN ${ident(space.tables.left_out)} AS away ON away.record_id = records.record_id
  LEFT JOIN (SELECT DISTINCT record_id FROM ${ident(space.tables.spellings)}) AS listed
    ON listed.record_id = records.record_id
  LEFT JOIN (${contestedFor(extract, space)}) AS contested ON contested.record_id = records.record_id)`;

/** The rows of an extract that are kept: their values, which texts are there, and the record's id. */
export const keptRows = ({ tables }: PlannedExtract): Sql =>
  sql`SELECT * FROM ${ident(tables.outcomes)} WHERE outcome = 'kept'`;
