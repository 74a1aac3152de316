import type { TableOf } from '@throughline/core';
import { type ReadArtifact, type Session, type Sql, sql } from '@throughline/engine';

/*
 * Findings are written whole by a night that decides everybody. After it, and while few records have been decided since,
 * these tables are kept as they are, and what takes the place of their rows is written beside them: so that a night
 * writes as much as it decides.
 */

/** The artifact, table by table. */
export type KeptFindings = Pick<ReadArtifact<'findings'>, 'table'>;

const FOUND = ['records', 'decided', 'token_passes', 'meetings', 'judged'] as const;
type Found = (typeof FOUND)[number];

/** What the linkage unit has kept of an earlier night, as it stands. */
export type Findings = { readonly table: (name: Found | 'model') => Sql };

/** Whether a row is about a record of a table. All of a component are decided together, but of meetings. */
const isAbout = (name: Found, records: Sql): Sql => {
  const among = (column: Sql): Sql => sql`${column} IN (SELECT record_id FROM ${records})`;
  if (name === 'meetings') return sql`(${among(sql`record_id_a`)} OR ${among(sql`record_id_b`)})`;
  return among(
    name === 'records' ? sql`record_id` : name === 'token_passes' ? sql`component` : sql`record_id_a`,
  );
};

export const asItStands = ({ table }: KeptFindings): Findings => ({
  table: (name) =>
    name === 'model'
      ? table('model')
      : sql`(SELECT * FROM ${table(name)} WHERE NOT ${isAbout(name, table('since'))}
          UNION ALL SELECT * FROM ${table(`later_${name}`)})`,
});

/** All that was found, by table. */
export const foundRows: Readonly<Record<Found, Sql>> = {
  records: sql`SELECT * FROM kept_records`,
  decided: sql`SELECT * FROM kept_decided`,
  token_passes: sql`SELECT * FROM kept_token_passes`,
  meetings: sql`SELECT * FROM kept_meetings`,
  judged: sql`SELECT * FROM kept_judged`,
};

/** More than this share of the records decided since, and all is written whole again. */
const MOST_SINCE = 0.25;

/** Tables of last night that are kept as they are, and rows of the others. */
export type FindingsOfNight = {
  readonly kept: readonly TableOf<'findings'>[];
  readonly made: readonly (readonly [TableOf<'findings'>, Sql])[];
};

/**
 * What to write of tables `kept_…`. Makes table `kept_since`; reads `withdrawn`, and `asked` and `replaced` where there is
 * a night before. What was found of a record whose family has withdrawn it is not kept beside what took its place.
 *
 * @param before last night's, if nothing but rows has changed since.
 */
export async function findingsOfNight(
  session: Session,
  before: KeptFindings | undefined,
): Promise<FindingsOfNight> {
  const since =
    before === undefined
      ? sql`SELECT record_id FROM kept_records WHERE false`
      : sql`SELECT record_id FROM ${before.table('since')} UNION SELECT record_id FROM replaced UNION SELECT record_id FROM asked`;
  const decided = await session.make('decided since', 'kept_since', since);
  const few = before !== undefined && (await mayStay(session, before, decided));
  const nobody = sql`(SELECT record_id FROM kept_since WHERE false)`;
  const later = FOUND.map(
    (name) =>
      [
        `later_${name}`,
        sql`SELECT * FROM (${foundRows[name]}) WHERE ${isAbout(name, few ? sql`kept_since` : nobody)}`,
      ] as const,
  );
  return {
    kept: few ? FOUND : [],
    made: [
      ...(few ? [] : FOUND.map((name) => [name, foundRows[name]] as const)),
      ...later,
      ['since', few ? sql`SELECT record_id FROM kept_since` : sql`SELECT record_id FROM ${nobody}`],
      ['model', sql`SELECT * FROM kept_model`],
    ],
  };
}

/** Whether last night's tables may be kept: few records have been decided since, and none of theirs is withdrawn. */
async function mayStay(session: Session, { table }: KeptFindings, decided: number): Promise<boolean> {
  const [found] = await session.rows(
    'records kept',
    sql`SELECT count(*) AS records, count(withdrawn.record_id) AS withdrawn
        FROM ${table('records')} LEFT JOIN withdrawn USING (record_id)`,
  );
  return Number(found?.['withdrawn']) === 0 && decided <= MOST_SINCE * Number(found?.['records']);
}
