import { furtherIdentifiers, safeName, ThroughlineError } from '@throughline/core';
import { ident, type ReadArtifact, type Session, type Sql, sql, sqlJoin } from '@throughline/engine';
import { identifierNames, SEPARATOR } from './identifiers.js';

/** A kind of record of a partner, and whether a person has at most one record in it. */
export type Space = { readonly space: string; readonly duplicate_free: boolean };

/** Table `spaces`, each with its place in the list. */
export const spacesListed = (spaces: readonly Space[]): Sql => {
  const rows = spaces.map(({ space, duplicate_free }, place) => sql`(${place}, ${space}, ${duplicate_free})`);
  return sql`SELECT place::USMALLINT AS place, space::VARCHAR AS space, duplicate_free::BOOLEAN AS duplicate_free
      FROM (VALUES ${sqlJoin(rows)}) AS listed(place, space, duplicate_free)`;
};

type Sources = {
  readonly identifiers: ReadArtifact<'identifiers'>;
  readonly planted: ReadArtifact<'planted'> | undefined;
  readonly interop: ReadArtifact<'interop'> | undefined;
};

/**
 * Table `numbered`: the identifiers with a number for each record, in the order of the record ids, canaries among them;
 * and the records of which nothing is known but what another system has encoded, unless their families have withdrawn
 * them.
 */
export const recordsNumbered = ({ identifiers, planted, interop }: Sources): Sql => {
  const own = withFurther(identifiers);
  const known =
    planted === undefined ? own : sql`${own} UNION ALL BY NAME SELECT * FROM ${planted.table('identifiers')}`;
  const all =
    interop === undefined
      ? known
      : sql`${known} UNION ALL BY NAME SELECT * FROM ${interop.table('records')}
            ANTI JOIN (${known}) AS known USING (record_id)
            ANTI JOIN ${identifiers.table('withdrawn')} AS withdrawn USING (record_id)`;
  return sql`SELECT CAST(row_number() OVER (ORDER BY record_id) - 1 AS INTEGER) AS record, * FROM (${all})`;
};

const joinedOf = (names: readonly string[]): Sql =>
  sql`concat_ws(${SEPARATOR}, ${sqlJoin(names.map((name) => sql`coalesce(${ident(name)}, '')`))})`;

/** With a column `further`: those that few extracts have as one text, a separator before it; null where there are none. */
export function withFurther(identifiers: ReadArtifact<'identifiers'>): Sql {
  const own = identifiers.table('identifiers');
  const hasFurther = identifiers.manifest.tables.some(({ name }) => name === 'further');
  if (!hasFurther) return sql`SELECT *, NULL::VARCHAR AS further FROM ${own}`;
  const joined = sql`${SEPARATOR}::VARCHAR || ${joinedOf(furtherIdentifiers)}`;
  return sql`SELECT own.*, further FROM ${own} AS own
      LEFT JOIN (SELECT record_id, ${joined} AS further FROM ${identifiers.table('further')}) AS more USING (record_id)`;
}

/**
 * The identifiers of a row as one text: one value for the database to hand over, where fifteen take longer than a hash.
 * Column `further` is that of `withFurther`.
 */
export const identifiersJoined = (): Sql => sql`${joinedOf(identifierNames)} || coalesce(further, '')`;

/** Every record of `numbered` in order: its number, its space, its identifiers as `identifiersOf` reads them. */
export const numberedIdentifiers = (): Sql =>
  sql`SELECT record, space, ${identifiersJoined()} AS identifiers FROM numbered ORDER BY record`;

/**
 * @throws ThroughlineError KEY_COLUMN_NOT_UNIQUE where a record id occurs twice, CONFIG_INVALID where there is a
 *   record of a space that is not configured.
 */
export async function requireSoundRecords(session: Session): Promise<void> {
  const [found = {}] = await session.rows(
    'check records',
    sql`SELECT count(*) - count(DISTINCT record_id) AS repeated,
          count(*) FILTER (space NOT IN (SELECT space FROM spaces)) AS homeless FROM numbered`,
  );
  const repeated = Number(found['repeated']);
  if (repeated > 0) throw new ThroughlineError('KEY_COLUMN_NOT_UNIQUE', { repeated });
  const records = Number(found['homeless']);
  if (records > 0) {
    throw new ThroughlineError('CONFIG_INVALID', {
      field: safeName('spaces'),
      rule: safeName('every space of the identifiers is listed'),
      records,
    });
  }
}
