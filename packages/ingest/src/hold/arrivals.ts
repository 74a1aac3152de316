import { ident, type ReadArtifact, type Session, type Sql, sql, sqlJoin } from '@throughline/engine';
import type { Space } from '../identify/spaces.js';
import { textColumn, valueColumn } from '../load/values.js';
import type { PlannedExtract } from '../plan/plan.js';
import { type ArrivalCount, isOver, movesOf } from './moves.js';
import type { Found } from './reasons.js';

/** The table `arrivals` of the extracts as they are now. @returns the number of counts. */
export const makeArrivals = (session: Session, extracts: readonly PlannedExtract[]): Promise<number> =>
  session.make('count arrivals', 'arrivals', sqlJoin(extracts.map(arrivalsOf), sql` UNION ALL `));

/**
 * Rows that are not rejected: a family that opts out changes nothing about a delivery, and must never have it held.
 * A field that is also a code counts twice: whether it is there, and what it says.
 */
function arrivalsOf(extract: PlannedExtract): Sql {
  const fields = extract.layout.fields.map((field, index) => ({ field, index }));
  const codes = fields.filter(({ field }) => field.type === 'code');
  const counts = [
    { what: 'rows', name: null, count: sql`count(*)` },
    { what: 'records', name: null, count: sql`count(DISTINCT record_id)` },
    ...fields.map(({ field, index }) => ({
      what: 'present',
      name: field.name,
      count: sql`count(${textColumn(index)})`,
    })),
  ];
  const listed = (items: readonly Sql[]) => sql`unnest([${sqlJoin(items)}])`;
  return sqlJoin(
    [
      sql`SELECT ${extract.name} AS extract, ${listed(counts.map(({ what }) => sql`${what}`))} AS what,
        ${listed(counts.map(({ name }) => sql`${name}::VARCHAR`))} AS field, NULL::VARCHAR AS code,
        unnest(counts) AS count FROM (SELECT [${sqlJoin(counts.map(({ count }) => count))}] AS counts FROM (${soundRows(extract)}))`,
      ...codes.map(
        ({ field, index }) => sql`
          SELECT ${extract.name}, 'code', ${field.name}, ${valueColumn(index)}, count(*) FROM (${soundRows(extract)})
          WHERE ${valueColumn(index)} IS NOT NULL GROUP BY ALL`,
      ),
    ],
    sql` UNION ALL `,
  );
}

const soundRows = ({ tables }: PlannedExtract): Sql =>
  sql`SELECT * FROM ${ident(tables.outcomes)} WHERE outcome <> 'rejected'`;

export const arrivalRows: Sql = sql`SELECT extract, what, field, code, count FROM arrivals`;

type Identifiers = ReadArtifact<'identifiers'>;

/** What the arrivals have that the last good delivery had not, and the other way round, beyond the limits. */
export async function movedSince(
  session: Session,
  last: Identifiers,
  extracts: readonly PlannedExtract[],
): Promise<Found[]> {
  const before = await countsIn(session, last.table('arrivals'));
  const now = await countsIn(session, ident('arrivals'));
  return extracts.flatMap(({ name, manifest }) =>
    movesOf({ extract: name, table: manifest.payload_table, change: manifest.limits.change }, before, now),
  );
}

async function countsIn(session: Session, arrivals: Sql): Promise<ArrivalCount[]> {
  const rows = await session.rows(
    'read arrivals',
    sql`SELECT extract, what, field, code, count FROM ${arrivals} ORDER BY ALL`,
  );
  return rows.map((row) => ({
    extract: String(row['extract']),
    what: String(row['what']),
    field: row['field'] === null ? null : String(row['field']),
    code: row['code'] === null ? null : String(row['code']),
    count: Number(row['count']),
  }));
}

/** Spaces of which many records of the last good delivery are missing. Those left out on purpose are not missing. */
export async function goneSince(
  session: Session,
  last: Identifiers,
  spaces: readonly Space[],
): Promise<Found[]> {
  const found: Found[] = [];
  for (const { name, extracts, tables } of spaces) {
    const [row = {}] = await session.rows(
      `records of ${name}`,
      sql`SELECT count(*) AS before, count(*) FILTER (WHERE record_id NOT IN (
            SELECT record_id FROM ${ident(tables.spellings)} UNION ALL SELECT record_id FROM ${ident(tables.left_out)})) AS gone
          FROM ${last.table('identifiers')} WHERE space = ${name}`,
    );
    const [before, gone] = [Number(row['before']), Number(row['gone'])];
    const bearer = extracts.find(({ manifest }) => manifest.records?.identifiers === true);
    if (bearer === undefined || !isOver(gone, before, bearer.manifest.limits.gone)) continue;
    found.push({ reason: 'gone', place: name, counts: `${gone} of ${before}` });
  }
  return found;
}
