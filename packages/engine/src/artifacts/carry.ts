import { type ArtifactKind, namingRecords, safeName, ThroughlineError } from '@throughline/core';
import type { Session } from '../database/session.js';
import { ident, type Sql, sql } from '../sql/sql.js';
import { emptyTable, fileRows, laterOf, type ReadArtifact, standingRows } from './read.js';

/** How tables of an earlier artifact of the same kind are carried on. */
export type Carrying<Kind extends ArtifactKind = ArtifactKind> = {
  readonly from: Pick<ReadArtifact<Kind>, 'folder' | 'manifest' | 'table'>;
  /** Records, `record_id`, of whose rows tonight's take the place: those that have other rows, and those that are gone. */
  readonly replaced: Sql;
  /** Records of which nothing may be left that does not count. */
  readonly never: Sql;
  /** How many records there are tonight. */
  readonly records: number;
};

/** How a table gets into an artifact. */
type Writing = {
  readonly session: Session;
  readonly table: (name: string, select: Sql) => Promise<number>;
  readonly keep: (name: string, from: Pick<ReadArtifact, 'folder' | 'manifest'>) => Promise<number>;
};

/** Once so many of the records have other rows, all is written whole again. */
const MOST_REPLACED = 0.25;

/**
 * Writes tables of which only the rows about some records have changed: their files as they were, and tonight's rows
 * beside them. Where many have changed since those files were written, or somebody is in them who must not be, they are
 * written whole.
 *
 * @param tonight of each table the rows about the records that are replaced.
 * @returns how many rows of tonight there are.
 * @throws ThroughlineError ARTIFACT_ALTERED, ARTIFACT_SCHEMA
 */
export async function carryTables(
  { session, table, keep }: Writing,
  { from, replaced, never, records }: Carrying,
  tonight: readonly (readonly [name: string, rows: Sql])[],
): Promise<number> {
  const { kind } = from.manifest;
  const since = `${kind}_since`;
  const made = await session.make(
    'replaced since',
    since,
    sql`SELECT record_id FROM ${laterRows(from, 'since')} UNION SELECT record_id FROM ${replaced}`,
  );
  const [found] = await session.rows(
    'replaced since',
    sql`SELECT count(*) AS never FROM ${ident(since)} SEMI JOIN (SELECT record_id FROM ${never}) USING (record_id)`,
  );
  const few = made <= MOST_REPLACED * records && Number(found?.['never']) === 0;
  let rows = 0;
  for (const [name, select] of tonight) {
    const columns = namingRecords(kind, name);
    if (columns === undefined)
      throw new ThroughlineError('BUG', { kind: safeName(kind), table: safeName(name) });
    if (few) await keep(name, from);
    const before = few ? laterRows(from, laterOf(name)) : from.table(name as never);
    const all = sql`${standingRows(before, columns, replaced)} UNION ALL BY NAME (${select})`;
    rows += await table(few ? laterOf(name) : name, all);
  }
  if (few) await table('since', sql`SELECT record_id FROM ${ident(since)}`);
  return rows;
}

/** Rows of a table that only carried ones have; none where they are whole. */
function laterRows({ folder, manifest }: Carrying['from'], name: string): Sql {
  if (manifest.tables.some((table) => table.name === name)) return fileRows({ folder, manifest }, name);
  return emptyTable(manifest.kind, name);
}
